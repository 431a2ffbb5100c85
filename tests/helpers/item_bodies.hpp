#pragma once

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <msgpack.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "support/content_format.hpp"
#include "support/field_fault.hpp"

namespace troupe::tests {

using Packer = msgpack::packer<msgpack::sbuffer>;

inline void pack(const boost::json::value& value, Packer& packer) {
  switch (value.kind()) {
    case boost::json::kind::null:
      packer.pack_nil();
      break;
    case boost::json::kind::bool_:
      packer.pack(value.get_bool());
      break;
    case boost::json::kind::int64:
      packer.pack(value.get_int64());
      break;
    case boost::json::kind::uint64:
      packer.pack(value.get_uint64());
      break;
    case boost::json::kind::double_:
      packer.pack(value.get_double());
      break;
    case boost::json::kind::string:
      packer.pack(std::string(value.get_string()));
      break;
    case boost::json::kind::array:
      packer.pack_array(static_cast<std::uint32_t>(value.get_array().size()));
      for (const auto& element : value.get_array()) pack(element, packer);
      break;
    case boost::json::kind::object:
      packer.pack_map(static_cast<std::uint32_t>(value.get_object().size()));
      for (const auto& [key, element] : value.get_object()) {
        packer.pack(std::string(key));
        pack(element, packer);
      }
  }
}

/// The JSON text itself, or the same value as MessagePack.
inline std::string body_in(ContentFormat format, const std::string& json_text) {
  if (format == ContentFormat::json) return json_text;
  boost::json::parse_options options;
  options.allow_invalid_utf8 = true;
  msgpack::sbuffer buffer;
  Packer packer(buffer);
  pack(boost::json::parse(json_text, {}, options), packer);
  return {buffer.data(), buffer.size()};
}

/// "body.price finite_number; body.name missing": short enough for tables.
inline std::string summary(const std::vector<FieldFault>& faults) {
  std::string text;
  for (const FieldFault& fault : faults) {
    if (!text.empty()) text += "; ";
    for (std::size_t i = 0; i < fault.loc.size(); ++i) text += (i == 0 ? "" : ".") + fault.loc[i];
    text += ' ' + fault.type;
  }
  return text;
}

/// Of a reader of items, or of rows.
template <class Result>
inline bool is_malformed(const Result& result) {
  using Kind = decltype(result.error().kind);
  return !result && result.error().kind == Kind::malformed && result.error().faults.empty() &&
         !result.error().detail.empty();
}

inline std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

inline std::string with_name(const std::string& name) {
  return R"({"name":")" + name + R"(","price":1})";
}

inline std::string with_price(const std::string& price) {
  return R"({"name":"a","price":)" + price + "}";
}

}  // namespace troupe::tests
