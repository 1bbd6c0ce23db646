# Completions and the manual page, made by the command itself whenever it is built.
set(described ${PROJECT_BINARY_DIR}/described)
file(MAKE_DIRECTORY ${described})
set(described_commands)
foreach(entry "bash:cacherace" "zsh:_cacherace" "fish:cacherace.fish")
  string(REPLACE ":" ";" entry ${entry})
  list(GET entry 0 shell)
  list(GET entry 1 file)
  list(APPEND described_commands COMMAND $<TARGET_FILE:cacherace> completions ${shell} > ${described}/${file})
endforeach()
add_custom_command(
  TARGET cacherace
  POST_BUILD ${described_commands} COMMAND $<TARGET_FILE:cacherace> man > ${described}/cacherace.1
  VERBATIM)
install(FILES ${described}/cacherace DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${described}/_cacherace DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${described}/cacherace.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES ${described}/cacherace.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
