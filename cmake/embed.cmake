# Writes OUTPUT, a C++ source that holds the text of FILES (relative to ROOT) as raw strings.
set(body "#include \"scenarios/shipped.hpp\"\n\n#include <array>\n\nnamespace cacherace::scenarios {\nnamespace {\n")
string(APPEND body "constexpr std::array embedded{\n")
foreach(file IN LISTS FILES)
  file(READ ${ROOT}/${file} text)
  string(APPEND body "    EmbeddedFile{\"${file}\", R\"embedded(${text})embedded\"},\n")
endforeach()
string(APPEND body "};\n}  // namespace\n\nstd::span<const EmbeddedFile> embedded_files() { return embedded; }\n\n}  // namespace cacherace::scenarios\n")
file(WRITE ${OUTPUT} "${body}")
