# Writes OUTPUT, a C++ source of ROOM that holds the text of FILES (relative to ROOT) as raw strings;
# `embedded_files()` is declared in HEADER.
set(body "#include \"${HEADER}\"\n\n#include <array>\n\nnamespace cacherace::${ROOM} {\nnamespace {\n")
string(APPEND body "constexpr std::array embedded{\n")
foreach(file IN LISTS FILES)
  file(READ ${ROOT}/${file} text)
  string(APPEND body "    scenarios::EmbeddedFile{\"${file}\", R\"embedded(${text})embedded\"},\n")
endforeach()
string(APPEND body "};\n}  // namespace\n\nstd::span<const scenarios::EmbeddedFile> embedded_files() { return embedded; }\n\n}  // namespace cacherace::${ROOM}\n")
file(WRITE ${OUTPUT} "${body}")
