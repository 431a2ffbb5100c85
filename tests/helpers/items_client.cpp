#include "helpers/items_client.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <msgpack.hpp>
#include <stdexcept>

namespace troupe::tests {
namespace {

namespace json = boost::json;

void pack(msgpack::packer<msgpack::sbuffer>& packer, const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      packer.pack_nil();
      return;
    case json::kind::bool_:
      packer.pack(value.get_bool());
      return;
    case json::kind::int64:
      packer.pack(value.get_int64());
      return;
    case json::kind::uint64:
      packer.pack(value.get_uint64());
      return;
    case json::kind::double_:
      packer.pack(value.get_double());
      return;
    case json::kind::string:
      packer.pack(std::string(value.get_string()));
      return;
    case json::kind::array:
      packer.pack_array(static_cast<std::uint32_t>(value.get_array().size()));
      for (const auto& element : value.get_array()) pack(packer, element);
      return;
    case json::kind::object:
      packer.pack_map(static_cast<std::uint32_t>(value.get_object().size()));
      for (const auto& [key, member] : value.get_object()) {
        packer.pack(std::string(key));
        pack(packer, member);
      }
      return;
  }
}

json::value from_object(const msgpack::object& object) {
  switch (object.type) {
    case msgpack::type::NIL:
      return nullptr;
    case msgpack::type::BOOLEAN:
      return object.via.boolean;
    case msgpack::type::POSITIVE_INTEGER:
      return object.via.u64;
    case msgpack::type::NEGATIVE_INTEGER:
      return object.via.i64;
    case msgpack::type::FLOAT32:
    case msgpack::type::FLOAT64:
      return object.via.f64;
    case msgpack::type::STR:
      return json::string(object.via.str.ptr, object.via.str.size);
    case msgpack::type::ARRAY: {
      json::array array;
      for (const auto& element : object.as<std::vector<msgpack::object>>())
        array.push_back(from_object(element));
      return array;
    }
    case msgpack::type::MAP: {
      json::object members;
      for (std::uint32_t i = 0; i < object.via.map.size; ++i) {
        const auto& member = object.via.map.ptr[i];
        members[member.key.as<std::string>()] = from_object(member.val);
      }
      return members;
    }
    default:
      throw std::runtime_error("a MessagePack type that no item has");
  }
}

}  // namespace

std::string_view media_type(Form form) {
  return form == Form::json ? "application/json" : "application/msgpack";
}

std::string encode(Form form, const json::value& value) {
  if (form == Form::json) return json::serialize(value);
  msgpack::sbuffer buffer;
  msgpack::packer packer(buffer);
  pack(packer, value);
  return {buffer.data(), buffer.size()};
}

json::value decode(Form form, std::string_view bytes) {
  if (form == Form::json) return json::parse({bytes.data(), bytes.size()});
  std::size_t end = 0;
  const auto handle = msgpack::unpack(bytes.data(), bytes.size(), end);
  if (end != bytes.size()) throw std::runtime_error("bytes behind the MessagePack value");
  return from_object(handle.get());
}

std::int64_t ItemAnswer::id() const {
  if (!value.is_object()) throw std::runtime_error("no item: " + std::to_string(status()) + ' ' + http.body);
  return value.at("id").to_number<std::int64_t>();
}

std::string ItemsClient::text(std::string_view method, std::string_view target,
                              const json::value* body) const {
  const std::string type(media_type(form_));
  std::string fields = "Accept: " + type + "\r\n";
  if (body != nullptr) fields += "Content-Type: " + type + "\r\n";
  return request_text(method, target, fields, body == nullptr ? std::string() : encode(form_, *body));
}

ItemAnswer ItemsClient::read() {
  ItemAnswer answer{http_.read(), nullptr};
  if (answer.http.body.empty()) return answer;
  const bool packed = answer.http.field("Content-Type") == media_type(Form::msgpack);
  answer.value = decode(packed ? Form::msgpack : Form::json, answer.http.body);
  return answer;
}

ItemAnswer ItemsClient::ask(std::string_view method, std::string_view target, const json::value* body) {
  http_.send(text(method, target, body));
  return read();
}

json::value with_id(std::int64_t id, const json::value& item) {
  auto expected = item;
  expected.as_object()["id"] = id;
  return expected;
}

std::string text_at(const json::value& object, std::string_view member) {
  return std::string(object.at({member.data(), member.size()}).as_string());
}

double metric(std::uint16_t port, std::string_view name_and_labels) {
  const auto text = "\n" + HttpClient(port).ask("GET", "/metrics").body;
  const auto line = text.find("\n" + std::string(name_and_labels) + " ");
  return line == std::string::npos ? 0 : std::stod(text.substr(line + name_and_labels.size() + 2));
}

}  // namespace troupe::tests
