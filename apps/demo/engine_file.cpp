// SPDX-License-Identifier: BSD-3-Clause

#include "engine_file.hpp"

#include <cstdlib>

namespace zenws::demo {

void engine_file::add_venue(const std::string& name,
                            const exchange_process& venue,
                            const std::string& path, const std::string& pace) {
  out_ << "[venues." << name << "]\n"
       << "url = \"" << venue.url() << path << "\"\n"
       << "dialect = \"deribit\"\npace = \"" << pace << "\"\n"
       << "tls = { ca_file = \"" << venue.ca_file() << "\" }\n"
       << "credentials_from_environment = \"ZENWS_DEMO\"\n"
       << "heartbeat = { kind = \"ping_pong\", interval = \"500ms\", "
          "max_missed = 2 }\n"
       << "backoff = { min = \"50ms\", max = \"200ms\", max_attempts = 3 }\n";
}

void engine_file::add_venue(const std::string& name,
                            const std::vector<uint16_t>& ports) {
  out_ << "[node]\nheartbeat = \"200ms\"\nsilence_limit = \"1s\"\n[venues."
       << name << "]\ndialect = \"deribit\"\npace = \"fastest\"\n"
       << "gateways = [";
  for (auto port : ports)
    out_ << (port == ports.front() ? "" : ", ") << "\"127.0.0.1:" << port
         << '"';
  out_ << "]\n";
}

void engine_file::add_desk(const std::string& venue, const std::string& owner,
                           const std::string& journal,
                           const std::vector<std::string>& instruments) {
  out_ << "[venues." << venue << ".desk]\nowner = \"" << owner << "\"\n"
       << "journal_path = \"" << journal << "\"\n";
  for (auto& instrument : instruments)
    out_ << "[venues." << venue << ".desk.instruments.\"" << instrument
         << "\"]\nposition = 1000\norders_per_second = 50\n";
}

void engine_file::add_maker(const std::string& name, const std::string& venue,
                            const std::string& instrument) {
  out_ << "[strategies.\"" << name << "\"]\nkind = \"market_maker\"\nvenue = \""
       << venue << "\"\ninstrument = \"" << instrument
       << "\"\namount = 10\nmax_position = 100\nhalf_spread = 0.0004\n"
       << "tolerance = 0.0003\n";
}

void engine_file::add_spread(const std::string& name, const std::string& first,
                             const std::string& second,
                             const std::string& instrument) {
  out_ << "[strategies.\"" << name << "\"]\nkind = \"venue_spread\"\n"
       << "first = { venue = \"" << first << "\", instrument = \"" << instrument
       << "\" }\nsecond = { venue = \"" << second << "\", instrument = \""
       << instrument << "\" }\namount = 10\nmax_position = 50\n"
       << "entry = 0.00005\nexit = -0.00005\n";
}

void engine_file::add_monitor(const monitor_page& page) {
  setenv("ZENWS_DEMO_TOKEN", page.token.c_str(), 1);
  out_ << "[monitor]\nport = " << page.port
       << "\ntoken_from_environment = \"ZENWS_DEMO_TOKEN\"\n";
}

void set_demo_account() {
  setenv("ZENWS_DEMO_KEY", "demo", 1);
  setenv("ZENWS_DEMO_SECRET", "demo-secret", 1);
}

} // namespace zenws::demo
