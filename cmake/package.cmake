# verify/ as a library for others: find_package(cacherace COMPONENTS verify), target cacherace::verify,
# #include <verify/check.hpp>.
include(CMakePackageConfigHelpers)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/cacherace)
set_target_properties(verify PROPERTIES OUTPUT_NAME cacherace_verify)
target_compile_features(verify PUBLIC cxx_std_20)
target_include_directories(verify INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/cacherace>)
install(TARGETS verify EXPORT cacherace_verify ARCHIVE COMPONENT verify)
install(DIRECTORY verify DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/cacherace COMPONENT verify
        FILES_MATCHING PATTERN "*.hpp")
install(EXPORT cacherace_verify NAMESPACE cacherace:: FILE cacheraceVerify.cmake
        DESTINATION ${package_folder} COMPONENT verify)

configure_package_config_file(cmake/cacheraceConfig.cmake.in ${PROJECT_BINARY_DIR}/cacheraceConfig.cmake
                              INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/cacheraceConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/cacheraceConfig.cmake ${PROJECT_BINARY_DIR}/cacheraceConfigVersion.cmake
        DESTINATION ${package_folder} COMPONENT verify)
