#pragma once

#include <string>

#include "helpers/fake_server.hpp"
#include "sim/result/results.hpp"
#include "sim/transport/http_transport.hpp"

namespace troupe::tests {

/// What a run of a few users asks of its transport.
struct TransportLoad {
  const char* users = "4";
  const char* duration = "300ms";
  std::uint8_t follow = 0;
  NameLookups::Resolve resolve = addresses_of;
};

/// The scenario of one GET, of a path.
std::string getting(const std::string& path = "/");

/// A whole run on one worker, with the engine given, against what may not be our own server.
sim::RunResult run_on(IoMode io, const sim::HttpTarget& target, const std::string& scenario,
                      const TransportLoad& load = {});

/// Fails the test unless requests were answered, and all of them well.
void check_good(const sim::RunResult& result);

}  // namespace troupe::tests
