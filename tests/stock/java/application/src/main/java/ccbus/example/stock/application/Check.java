package ccbus.example.stock.application;

/** One feature of the library. It returns what it saw, and fails if that is not what it has to be. */
record Check(String name, Action action) {
    @FunctionalInterface
    interface Action {
        Object run(Application application) throws Exception;
    }
}
