# How every target of the house is built. A room is a folder with a static library of its name;
# SEES names the rooms that its includes may reach (a test reads the includes and holds them to it).

function(house_options target)
  # One rounding everywhere: results must be the same bytes in any build.
  target_compile_options(${target} PRIVATE -ffp-contract=off)
  if(CACHERACE_WERROR)
    # Designated initialisers leave the rest at its defaults on purpose; GCC 12 sees overlapping copies in plain
    # string concatenations (its bug 105651).
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
                                             -Wno-missing-field-initializers -Wno-restrict)
  endif()
  if(CACHERACE_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${CACHERACE_SANITIZE} -fno-omit-frame-pointer
                                             -fno-sanitize-recover=undefined)
    target_link_options(${target} PRIVATE -fsanitize=${CACHERACE_SANITIZE})
    if(CACHERACE_SANITIZE MATCHES thread)
      target_compile_options(${target} PRIVATE -Wno-tsan)  # a fence in Boost.Fiber's reference count
    endif()
  endif()
endfunction()

# Targets that are compiled for longer than they run. Sanitizers double what the optimiser has to read, so with
# them it does not read these; without, what users run stays optimised throughout.
function(built_soon)
  if(CACHERACE_SANITIZE)
    foreach(target IN LISTS ARGN)
      target_compile_options(${target} PRIVATE -O0)
    endforeach()
  endif()
endfunction()

# Headers of others that many files include, read once for all of a target's files. A file still includes what
# it uses, and the preset dev builds without, which finds one that does not. FROM names a target that has them
# already and is built with the same flags. Not here: what is long to compile even if read (json.hpp, CLI11).
function(precompile target)
  cmake_parse_arguments(PARSE_ARGV 1 given "" "FROM" "")
  if(NOT CACHERACE_PCH)
    return()
  endif()
  if(given_FROM)
    target_precompile_headers(${target} REUSE_FROM ${given_FROM})
  else()
    target_precompile_headers(
      ${target} PRIVATE <algorithm> <array> <charconv> <cmath> <cstdint> <functional> <map> <memory>
      <optional> <set> <span> <string> <string_view> <tuple> <variant> <vector> ${given_UNPARSED_ARGUMENTS})
  endif()
endfunction()

function(own_sources target visibility folder)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
  target_sources(${target} ${visibility} ${sources})
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
endfunction()

function(room name)
  cmake_parse_arguments(PARSE_ARGV 1 room "" "" "SEES")
  add_library(${name} STATIC)
  own_sources(${name} PRIVATE ${name})
  house_options(${name})
  target_link_libraries(${name} PUBLIC ${room_SEES})
endfunction()

# Puts files into a room's library as text, so that the command finds what ships with it wherever it is
# installed. The generated `embedded_files()` is declared in the room's header `stem`.
function(embed library stem)
  set(files)
  foreach(pattern ${ARGN})
    file(GLOB found CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/${pattern})
    list(APPEND files ${found})
  endforeach()
  list(SORT files)
  list(TRANSFORM files PREPEND ${PROJECT_SOURCE_DIR}/ OUTPUT_VARIABLE sources)
  set(output ${PROJECT_BINARY_DIR}/${stem}.cpp)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -D "FILES=${files}" -D ROOT=${PROJECT_SOURCE_DIR} -D OUTPUT=${output}
            -D ROOM=${library} -D HEADER=${library}/${stem}.hpp
            -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    DEPENDS ${sources} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    VERBATIM)
  target_sources(${library} PRIVATE ${output})
endfunction()
