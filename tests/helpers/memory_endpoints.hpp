#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/server/router.hpp"

namespace troupe::tests {

/// An API of six operations that do each thing that an endpoint can do: GET /now answers "now", GET /page
/// what all who ask share, POST /echo its body, GET /throws throws; GET /things/{id} and POST /things/ ask
/// the database and answer its item's name.
http::Router memory_endpoints();

/// The body that GET /page shares: 100,000 bytes.
const std::shared_ptr<const std::string>& shared_page();

std::string get_request(const std::string& target);
std::string post_request(const std::string& target, const std::string& body);

/// One answer on the wire.
struct WireAnswer {
  int status = 0;
  std::string head;
  std::string body;
};

/// The same bytes with every Date field's value, which is of one length, crossed out: two runs of one test
/// may lie in two seconds.
std::string without_dates(std::string bytes);

/// Takes apart what a client received; the last answer may be cut short.
std::vector<WireAnswer> answers_in(std::string_view bytes);

actors::RowAnswer thing(const std::string& name);

}  // namespace troupe::tests
