# SPDX-License-Identifier: BSD-3-Clause
#
# The libraries of zenws as an overlay port, from the sources around this file:
# vcpkg install zenws --overlay-ports=packaging/vcpkg

vcpkg_check_linkage(ONLY_STATIC_LIBRARY)

cmake_path(ABSOLUTE_PATH CURRENT_PORT_DIR NORMALIZE OUTPUT_VARIABLE port)
cmake_path(SET SOURCE_PATH NORMALIZE "${port}/../../..")

vcpkg_check_features(
  OUT_FEATURE_OPTIONS features
  FEATURES
    metrics ZENWS_METRICS
    postgres ZENWS_WITH_POSTGRES
    redis ZENWS_WITH_REDIS
    kafka ZENWS_WITH_KAFKA)

vcpkg_cmake_configure(
  SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS -DZENWS_BUILD_APPS=OFF -DZENWS_BUILD_TESTS=OFF ${features})
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH lib/cmake/zenws)
vcpkg_fixup_pkgconfig()

file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
