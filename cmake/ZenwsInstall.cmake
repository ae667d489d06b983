# Installs the libraries, their public headers and a CMake package "zenws".

include(CMakePackageConfigHelpers)

set(ZENWS_INSTALL_CMAKEDIR "${CMAKE_INSTALL_LIBDIR}/cmake/zenws")

install(
  TARGETS zenws_core zenws_actors zenws_nodes
  EXPORT zenwsTargets
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}"
  INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")

# What users test with, if it is built.
if(TARGET zenws_testing)
  set(zenws_testing_targets zenws_testing zenws_exchange_sim)
  if(TARGET zenws_testing_main)
    list(APPEND zenws_testing_targets zenws_testing_main)
  endif()
  install(
    TARGETS ${zenws_testing_targets}
    EXPORT zenwsTargets
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  install(
    DIRECTORY "${PROJECT_SOURCE_DIR}/apps/testing-kit/zenws"
              "${PROJECT_SOURCE_DIR}/apps/exchange-sim/exchange_sim"
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
    FILES_MATCHING PATTERN "*.hpp")
endif()

# internal/ is how the libraries are made, not what they offer.
install(
  DIRECTORY "${PROJECT_SOURCE_DIR}/libzenws/zenws"
            "${PROJECT_SOURCE_DIR}/actors/zenws"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  FILES_MATCHING PATTERN "*.hpp"
  PATTERN "internal" EXCLUDE)

configure_package_config_file(
  "${CMAKE_CURRENT_LIST_DIR}/zenwsConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/zenwsConfig.cmake"
  INSTALL_DESTINATION "${ZENWS_INSTALL_CMAKEDIR}")
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/zenwsConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(
  FILES "${PROJECT_BINARY_DIR}/zenwsConfig.cmake"
        "${PROJECT_BINARY_DIR}/zenwsConfigVersion.cmake"
        "${CMAKE_CURRENT_LIST_DIR}/FindCAF.cmake"
  DESTINATION "${ZENWS_INSTALL_CMAKEDIR}")
install(
  EXPORT zenwsTargets
  NAMESPACE zenws::
  DESTINATION "${ZENWS_INSTALL_CMAKEDIR}")
