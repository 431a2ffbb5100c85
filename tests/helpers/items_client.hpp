#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "helpers/http_client.hpp"

namespace troupe::tests {

/// The two forms in which items travel. Encoded and decoded here without the server's own code.
enum class Form { json, msgpack };

std::string_view media_type(Form form);
std::string encode(Form form, const boost::json::value& value);
/// Throws when `bytes` are not exactly one value.
boost::json::value decode(Form form, std::string_view bytes);

/// An answer with its body decoded by its own Content-Type (null when it has none).
struct ItemAnswer {
  Answer http;
  boost::json::value value;
  int status() const { return http.status; }
  std::int64_t id() const;  ///< of the item in it
};

/// Speaks items in one form on one connection.
class ItemsClient {
 public:
  explicit ItemsClient(std::uint16_t port, Form form = Form::json) : http_(port), form_(form) {}

  ItemAnswer get(std::string_view target) { return ask("GET", target); }
  ItemAnswer post(const boost::json::value& item) { return ask("POST", "/items/", &item); }
  ItemAnswer put(std::int64_t id, const boost::json::value& item) { return ask("PUT", item_path(id), &item); }
  ItemAnswer patch(std::int64_t id, const boost::json::value& change) {
    return ask("PATCH", item_path(id), &change);
  }
  ItemAnswer remove(std::int64_t id) { return ask("DELETE", item_path(id)); }
  ItemAnswer item(std::int64_t id) { return get(item_path(id)); }

  HttpClient& http() { return http_; }
  Form form() const { return form_; }
  static std::string item_path(std::int64_t id) { return "/items/" + std::to_string(id); }

  /// The bytes of such a request, for those who pipeline.
  std::string text(std::string_view method, std::string_view target,
                   const boost::json::value* body = nullptr) const;
  ItemAnswer read();

 private:
  ItemAnswer ask(std::string_view method, std::string_view target, const boost::json::value* body = nullptr);

  HttpClient http_;
  Form form_;
};

/// `item` with an id: as it must come back.
boost::json::value with_id(std::int64_t id, const boost::json::value& item);

/// A member of an object that is a string.
std::string text_at(const boost::json::value& object, std::string_view member);

/// The value of one line of /metrics, by its name and labels as they are printed there; 0 when there is no
/// such line.
double metric(std::uint16_t port, std::string_view name_and_labels);

}  // namespace troupe::tests
