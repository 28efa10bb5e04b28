# The simulation proves itself: each mutation of mutations.txt is switched on in a test of its own,
# which passes only if the simulation finds it.
#
# A mutated file is compiled with all other files of its library, in the same groups, into an object
# library that is linked in front of the libraries. So the linker has no use for the unmutated
# library's files, nothing of which is inlined anywhere, and two definitions would be an error.

set(list ${CMAKE_CURRENT_SOURCE_DIR}/mutations.txt)
set(script ${CMAKE_CURRENT_SOURCE_DIR}/mutate.py)
set(out ${CMAKE_CURRENT_BINARY_DIR}/mutated)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${list} ${script})
execute_process(COMMAND ${Python3_EXECUTABLE} ${script} ${list} names
  OUTPUT_VARIABLE lines OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "\n" ";" lines "${lines}")
set(names)
set(files)
foreach(line IN LISTS lines)
  string(REPLACE " " ";" words "${line}")
  list(GET words 0 name)
  list(GET words 1 file)
  list(APPEND names ${name})
  list(APPEND files ${file})
endforeach()
list(REMOVE_DUPLICATES files)

list(TRANSFORM files PREPEND ${out}/ OUTPUT_VARIABLE copies)
list(TRANSFORM files PREPEND ${CMAKE_SOURCE_DIR}/ OUTPUT_VARIABLE originals)
add_custom_command(OUTPUT ${copies} ${out}/mutation_table.inc
  COMMAND ${Python3_EXECUTABLE} ${script} ${list} write ${out}
  DEPENDS ${originals} ${list} ${script}
  COMMENT "Mutating the engine")
add_custom_target(engine_mutated DEPENDS ${copies} ${out}/mutation_table.inc)

# The library of a folder, with the mutated files in the place of its own.
function(add_mutated_library library)
  get_target_property(folder ${library} SOURCE_DIR)
  get_target_property(sources ${library} SOURCES)
  set(chosen)
  foreach(source IN LISTS sources)
    file(RELATIVE_PATH path ${CMAKE_SOURCE_DIR} ${folder}/${source})
    if(path IN_LIST files)
      list(APPEND chosen ${out}/${path})
    else()
      list(APPEND chosen ${folder}/${source})
    endif()
  endforeach()
  add_library(${library}_mutated OBJECT ${chosen})
  set_target_properties(${library}_mutated PROPERTIES
    UNITY_BUILD ${CCBUS_GROUPED} UNITY_BUILD_BATCH_SIZE 12)
  target_compile_options(${library}_mutated PRIVATE ${CCBUS_TEST_OPTIMIZATION})
  target_link_libraries(${library}_mutated PRIVATE ${library})
  add_dependencies(${library}_mutated engine_mutated)
endfunction()

set(libraries)
foreach(file IN LISTS files)
  get_filename_component(folder ${file} DIRECTORY)
  string(REGEX REPLACE "^service/" "ccbus_" library ${folder})
  string(REPLACE "/" "_" library ${library})
  list(APPEND libraries ${library})
endforeach()
list(REMOVE_DUPLICATES libraries)

add_executable(engine_mutations engine_mutations.cc)
target_include_directories(engine_mutations PRIVATE ${out})
add_dependencies(engine_mutations engine_mutated)
foreach(library IN LISTS libraries)
  add_mutated_library(${library})
  target_sources(engine_mutations PRIVATE $<TARGET_OBJECTS:${library}_mutated>)
endforeach()
target_link_libraries(engine_mutations PRIVATE ccbus_engine_simulation CLI11::CLI11)

foreach(name IN LISTS names)
  add_test(NAME simulation_finds_${name} COMMAND engine_mutations --mutation ${name})
  set_tests_properties(simulation_finds_${name} PROPERTIES LABELS simulation TIMEOUT 300)
endforeach()
# Nothing is found while none is switched on.
add_test(NAME simulation_finds_nothing COMMAND engine_mutations --mutation none --seeds 20)
set_tests_properties(simulation_finds_nothing PROPERTIES LABELS simulation)
