# SPDX-License-Identifier: BSD-3-Clause
#
# Installs the libraries, their public headers and a CMake package "zenws".

include(CMakePackageConfigHelpers)

set(ZENWS_INSTALL_CMAKEDIR "${CMAKE_INSTALL_LIBDIR}/cmake/zenws")

# The simulator and the testing kit are built together with the programs, the
# metrics where prometheus-cpp is.
set(zenws_libraries zenws_core zenws_actors zenws_nodes zenws_monitor
    zenws_outlet)
foreach(target IN ITEMS zenws_metrics zenws_sim zenws_testing)
  if(TARGET ${target})
    list(APPEND zenws_libraries ${target})
  endif()
endforeach()
install(
  TARGETS ${zenws_libraries}
  EXPORT zenwsTargets
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}"
  FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
if(TARGET zenws_testing_main)
  install(
    TARGETS zenws_testing_main
    EXPORT zenwsTargets
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
endif()

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
        "${CMAKE_CURRENT_LIST_DIR}/FindPrometheusCore.cmake"
  DESTINATION "${ZENWS_INSTALL_CMAKEDIR}")
install(
  EXPORT zenwsTargets
  NAMESPACE zenws::
  DESTINATION "${ZENWS_INSTALL_CMAKEDIR}")
