# SPDX-License-Identifier: BSD-3-Clause
"""The libraries of zenws for Conan 2: conan create packaging/conan"""

import re
from pathlib import Path

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load

REQUIREMENTS = (
    "boost/[>=1.81 <2]",
    "caf/[>=1.1.0 <1.3]",
    "openssl/[>=3.0 <4]",
    "rapidjson/[>=cci.20230929]",
    "simdjson/[>=3.1 <5]",
    "sqlite3/[>=3.40 <4]",
    "zlib/[>=1.2.11 <2]",
    "zstd/[>=1.5 <2]",
)

# What each option adds.
OPTIONAL = {
    "metrics": "prometheus-cpp/[>=1.0 <2]",
    "postgres": "libpq/[>=15]",
    "redis": "hiredis/[>=1.0 <2]",
    "kafka": "librdkafka/[>=2.0 <3]",
}

SOURCES = ("CMakeLists.txt", "LICENSE", "cmake/*", "libzenws/*", "actors/*")


class Zenws(ConanFile):
    name = "zenws"
    description = "Supervised WebSocket clients as CAF actors"
    license = "BSD-3-Clause"
    topics = ("websocket", "actor-framework", "trading")
    package_type = "static-library"
    settings = "os", "arch", "compiler", "build_type"
    options = {name: [True, False] for name in OPTIONAL}
    default_options = {name: name == "metrics" for name in OPTIONAL}

    def set_version(self):
        header = Path(self.recipe_folder, "../../libzenws/zenws/version.hpp")
        self.version = re.search(r' version = "(.+)"', load(self, header))[1]

    def export_sources(self):
        root = Path(self.recipe_folder, "../..")
        for pattern in SOURCES:
            copy(self, pattern, root, self.export_sources_folder)

    def layout(self):
        cmake_layout(self)

    def validate(self):
        check_min_cppstd(self, 20)

    def requirements(self):
        for reference in REQUIREMENTS:
            self.requires(reference, transitive_headers=True)
        for option, reference in OPTIONAL.items():
            if self.options.get_safe(option):
                self.requires(reference)

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["ZENWS_BUILD_APPS"] = False
        toolchain.cache_variables["ZENWS_BUILD_TESTS"] = False
        for option in OPTIONAL:
            variable = "METRICS" if option == "metrics" else f"WITH_{option.upper()}"
            toolchain.cache_variables[f"ZENWS_{variable}"] = bool(
                self.options.get_safe(option))
        toolchain.generate()
        CMakeDeps(self).generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE", self.source_folder,
             Path(self.package_folder, "licenses"))
        CMake(self).install()

    def package_info(self):
        # Programs take the package that CMake installs, with its components.
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs = ["lib/cmake/zenws"]
