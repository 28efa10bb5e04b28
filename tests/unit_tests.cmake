# ccbus_unit_tests(<target> [<test>.cc ...] [PRECOMPILE <header>] [LINK <library> ...])
#
# Adds the tests of the folder whose CMakeLists.txt calls it to the test program <target>. They
# stand in tests/unit/, under the folder's own path, and are linked with the folder's own library.
# LINK names what the tests need besides, PRECOMPILE a header that most of the program's tests include:
# it is compiled once for all of them.

# A race in a service that a test started ends that service, and so fails the test.
set(CCBUS_TEST_ENVIRONMENT
  "TSAN_OPTIONS=halt_on_error=1:suppressions=${CMAKE_SOURCE_DIR}/tests/support/tsan.supp")

# Of the tests' own code, not of what they test: it compiles in three quarters of the time.
set(CCBUS_TEST_OPTIMIZATION $<$<CONFIG:Release>:-O1>)

# Neither these tests nor what they test has a second thread: ThreadSanitizer has nothing to find.
set(CCBUS_SEQUENTIAL_TESTS unit_chaincode unit_config unit_gateway)
# Of programs that only their own user speaks to: they run in the Release build alone.
set(CCBUS_COMMAND_TESTS unit_cli unit_load)

function(ccbus_unit_tests target)
  cmake_parse_arguments(ARG "" "PRECOMPILE" "LINK" ${ARGN})
  file(RELATIVE_PATH folder ${CMAKE_SOURCE_DIR}/service ${CMAKE_CURRENT_SOURCE_DIR})
  string(REPLACE "/" "_" library ccbus_${folder})
  if(NOT TARGET ${target})
    add_executable(${target})
    set_target_properties(${target} PROPERTIES UNITY_BUILD OFF)
    target_compile_options(${target} PRIVATE ${CCBUS_TEST_OPTIMIZATION})
    target_link_libraries(${target} PRIVATE ccbus_test_main)
    set(labels unit)
    if(target IN_LIST CCBUS_COMMAND_TESTS)
      set(labels command)
    endif()
    if(target IN_LIST CCBUS_SEQUENTIAL_TESTS)
      list(APPEND labels sequential)
    endif()
    if(NOT target IN_LIST CCBUS_COMMAND_TESTS AND
       NOT (target IN_LIST CCBUS_SEQUENTIAL_TESTS AND CCBUS_SANITIZE STREQUAL "thread"))
      set_property(GLOBAL APPEND PROPERTY CCBUS_SANITIZED_TESTS ${target})
    endif()
    catch_discover_tests(${target} PROPERTIES LABELS "${labels}"
      ENVIRONMENT ${CCBUS_TEST_ENVIRONMENT})
    ccbus_precompile(${target} <catch2/catch.hpp>)
  endif()
  list(TRANSFORM ARG_UNPARSED_ARGUMENTS PREPEND ${CMAKE_SOURCE_DIR}/tests/unit/${folder}/)
  target_sources(${target} PRIVATE ${ARG_UNPARSED_ARGUMENTS})
  if(TARGET ${library})
    target_link_libraries(${target} PRIVATE ${library})
  endif()
  target_link_libraries(${target} PRIVATE ${ARG_LINK})
  if(ARG_PRECOMPILE)
    ccbus_precompile(${target} <${ARG_PRECOMPILE}>)
  endif()
endfunction()

# Compiles the header, <...>, once for all files of the target.
function(ccbus_precompile target header)
  if(NOT CCBUS_GROUPED)  # Then each file shows that it includes what it needs.
    return()
  endif()
  target_precompile_headers(${target} PRIVATE ${header})
  # GCC 12 then warns about code inside its own <string>.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds>)
  if(CCACHE)  # It keeps what was compiled with such a header only if it is told to.
    set_target_properties(${target} PROPERTIES CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND};-E;env;CCACHE_SLOPPINESS=pch_defines,time_macros;${CCACHE}")
    target_compile_options(${target} PRIVATE
      $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>
      "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")
  endif()
endfunction()
