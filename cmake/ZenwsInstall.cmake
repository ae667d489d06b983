# SPDX-License-Identifier: BSD-3-Clause
#
# Installs the libraries, their public headers, a CMake package "zenws" with a
# component for each library, and a pkg-config file zenws-<component> for each.

include(CMakePackageConfigHelpers)

set(ZENWS_INSTALL_CMAKEDIR "${CMAKE_INSTALL_LIBDIR}/cmake/zenws")

# Installs the target zenws_<name> as the component <name>.
#   COMPONENTS  components that it is built on
#   PACKAGES    arguments of find_package, one string for each package
#   PC_PACKAGES the same packages as pkg-config knows them
#   PC_LIBS     libraries that pkg-config does not know
#   TARGETS     further targets of this component
function(zenws_install_component name)
  cmake_parse_arguments(
    PARSE_ARGV 1 arg "" "" "COMPONENTS;PACKAGES;PC_PACKAGES;PC_LIBS;TARGETS")
  set_target_properties(
    zenws_${name} PROPERTIES
    DEFINE_SYMBOL "" # so that both kinds of libraries compile alike
    # Until 1.0, each minor version may change the ABI.
    VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  get_target_property(type zenws_${name} TYPE)
  if(type STREQUAL "SHARED_LIBRARY")
    target_link_options(
      zenws_${name}
      PRIVATE "LINKER:--version-script=${PROJECT_SOURCE_DIR}/cmake/exported.map"
              LINKER:--no-undefined)
  endif()
  if(TARGET zenws-installed)
    add_dependencies(zenws-installed zenws_${name} ${arg_TARGETS})
  endif()
  install(
    TARGETS zenws_${name} ${arg_TARGETS}
    EXPORT zenws-${name}-targets
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  install(
    EXPORT zenws-${name}-targets
    NAMESPACE zenws::
    DESTINATION "${ZENWS_INSTALL_CMAKEDIR}")

  set(requirements "")
  foreach(component IN LISTS arg_COMPONENTS)
    string(APPEND requirements
           "include(\"\${CMAKE_CURRENT_LIST_DIR}/zenws-${component}.cmake\")\n")
  endforeach()
  foreach(package IN LISTS arg_PACKAGES)
    string(APPEND requirements "find_dependency(${package})\n")
  endforeach()
  configure_file("${PROJECT_SOURCE_DIR}/cmake/zenws-component.cmake.in"
                 "${PROJECT_BINARY_DIR}/zenws-${name}.cmake" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/zenws-${name}.cmake"
          DESTINATION "${ZENWS_INSTALL_CMAKEDIR}")

  zenws_install_pkg_config(${name})
endfunction()

# Uses the arguments of its caller.
macro(zenws_install_pkg_config name)
  list(TRANSFORM arg_COMPONENTS REPLACE "(.+)" "zenws-\\1 = ${PROJECT_VERSION}"
       OUTPUT_VARIABLE pc_requires)
  set(pc_requires_private ${arg_PC_PACKAGES})
  list(JOIN arg_PC_LIBS " " pc_libs_private)
  set(pc_libs "")
  # A static library brings what it needs to whoever links it.
  if(type STREQUAL "STATIC_LIBRARY")
    list(APPEND pc_requires ${pc_requires_private})
    set(pc_requires_private "")
    set(pc_libs "${pc_libs_private}")
    set(pc_libs_private "")
  endif()
  list(JOIN pc_requires ", " pc_requires)
  list(JOIN pc_requires_private ", " pc_requires_private)
  # The way from the file to the prefix, wherever that is.
  file(RELATIVE_PATH pc_prefix "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
  string(REGEX REPLACE "/$" "" pc_prefix "${pc_prefix}")
  configure_file("${PROJECT_SOURCE_DIR}/cmake/zenws.pc.in"
                 "${PROJECT_BINARY_DIR}/zenws-${name}.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/zenws-${name}.pc"
          DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endmacro()

# -- components ----------------------------------------------------------------

set(packages "Boost 1.81 CONFIG COMPONENTS url" "OpenSSL 3.0" SQLite3 ZLIB
             "simdjson CONFIG" Threads)
set(pc_packages "libssl >= 3.0" libcrypto sqlite3 simdjson zlib)
if(zstd_FOUND)
  list(APPEND packages "zstd CONFIG")
  list(APPEND pc_packages libzstd)
endif()
zenws_install_component(
  core
  PACKAGES ${packages}
  PC_PACKAGES ${pc_packages}
  PC_LIBS -lboost_url -pthread)
if(TARGET zenws_actors)
  # What was built for one generation of CAF works with no other.
  if(CAF_VERSION VERSION_LESS 0.18)
    set(caf_generation "0.17.6...<0.18")
  elseif(CAF_VERSION VERSION_LESS 1)
    set(caf_generation "0.18.7...<0.19")
  else()
    set(caf_generation "${CAF_VERSION} EXACT")
  endif()
  zenws_install_component(
    actors
    COMPONENTS core
    PACKAGES "CAF ${caf_generation} COMPONENTS core io"
    PC_LIBS -lcaf_io -lcaf_core)
  zenws_install_component(
    nodes
    COMPONENTS actors
    PACKAGES "CAF ${caf_generation} COMPONENTS core io openssl"
    PC_LIBS -lcaf_openssl)
  zenws_install_component(monitor COMPONENTS actors)
  zenws_install_component(outlet COMPONENTS actors)
  set(packages "")
  set(pc_packages "")
  if("POSTGRES" IN_LIST ZENWS_STORES)
    list(APPEND packages PostgreSQL)
    list(APPEND pc_packages libpq)
  endif()
  if("REDIS" IN_LIST ZENWS_STORES)
    list(APPEND packages Hiredis)
    list(APPEND pc_packages hiredis)
  endif()
  if("KAFKA" IN_LIST ZENWS_STORES)
    list(APPEND packages RdKafka)
    list(APPEND pc_packages rdkafka)
  endif()
  zenws_install_component(
    sinks
    COMPONENTS actors
    PACKAGES ${packages}
    PC_PACKAGES ${pc_packages})
endif()
if(TARGET zenws_flows)
  zenws_install_component(flows COMPONENTS actors)
endif()
if(TARGET zenws_metrics)
  zenws_install_component(
    metrics
    COMPONENTS nodes
    PACKAGES PrometheusCore
    PC_LIBS -lprometheus-cpp-core)
endif()
# The simulator and the testing kit are built together with the programs.
if(TARGET zenws_sim)
  zenws_install_component(
    sim
    PACKAGES "Boost 1.81 CONFIG" "OpenSSL 3.0" ZLIB Threads
    PC_PACKAGES "libssl >= 3.0" libcrypto zlib
    PC_LIBS -pthread)
endif()
if(TARGET zenws_testing)
  set(targets "")
  if(TARGET zenws_testing_main)
    set(targets zenws_testing_main)
  endif()
  zenws_install_component(
    testing
    COMPONENTS actors sim
    TARGETS ${targets}
    PACKAGES "CAF ${caf_generation} COMPONENTS core OPTIONAL_COMPONENTS test")
endif()

# -- the package ---------------------------------------------------------------

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
        "${CMAKE_CURRENT_LIST_DIR}/FindHiredis.cmake"
        "${CMAKE_CURRENT_LIST_DIR}/FindPrometheusCore.cmake"
        "${CMAKE_CURRENT_LIST_DIR}/FindRdKafka.cmake"
  DESTINATION "${ZENWS_INSTALL_CMAKEDIR}")
