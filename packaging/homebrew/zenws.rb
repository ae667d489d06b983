# SPDX-License-Identifier: BSD-3-Clause
#
# From a clone: brew install --HEAD packaging/homebrew/zenws.rb
class Zenws < Formula
  desc "Supervised WebSocket connections to exchanges, as CAF actors"
  homepage "https://zenws.invalid/"
  license "BSD-3-Clause"
  head "file://#{File.expand_path("../..", __dir__)}", using: :git, branch: "main"

  depends_on "cli11" => :build
  depends_on "cmake" => :build
  depends_on "ninja" => :build
  depends_on "pkgconf" => :build
  depends_on "rapidjson" => :build
  depends_on "tomlplusplus" => :build
  depends_on "boost"
  depends_on "caf"
  depends_on "hiredis"
  depends_on "libedit"
  depends_on "libpq"
  depends_on "librdkafka"
  depends_on :linux
  depends_on "openssl@3"
  depends_on "prometheus-cpp"
  depends_on "simdjson"
  depends_on "spdlog"
  depends_on "sqlite"
  depends_on "zlib"
  depends_on "zstd"

  def install
    system "cmake", "-S", ".", "-B", "build", "-G", "Ninja",
           "-DZENWS_BUILD_TESTS=OFF", *std_cmake_args
    system "cmake", "--build", "build"
    system "cmake", "--install", "build"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/zenws --version") if build.stable?
    assert_match "deribit", shell_output("#{bin}/zenws venues")
  end
end
