// Bodies of writes and calls: whatever a client sends, what goes to PostgreSQL is whole and well-formed.
#include "fuzz/fuzz_tables.hpp"
#include "fuzz/fuzz_target.hpp"
#include "schema/body.hpp"
#include "schema/masks.hpp"
#include "schema/query/query.hpp"

namespace troupe::fuzz {
namespace {

constexpr std::size_t most_body_rows = 20;

std::string fault_of_error(const schema::BodyError& error) {
  if (error.kind == schema::BodyError::Kind::invalid)
    return error.faults.empty() ? "an invalid body without a fault" : "";
  return fault_of_message(error.detail);
}

std::string try_call(ContentFormat format, std::string_view body) {
  const auto& query = queries().back()->query;
  const auto elements = schema::read_call(query, format, body);
  if (!elements) return fault_of_error(elements.error());
  return fault_of_elements(query.parameters, *elements, {0, 1, 2}, 0, 1);
}

std::string try_body(ContentFormat format, std::string_view input) {
  const auto choice = take_choice(input, tables().size() * 3 + 1);
  if (choice == tables().size() * 3) return try_call(format, input);
  const auto& resource = tables()[choice / 3]->resource;
  const bool creates = choice % 3 == 0;
  const auto& places = creates ? resource.insertable() : resource.updatable();
  const auto rows = creates           ? schema::read_new_rows(resource, format, input, most_body_rows)
                    : choice % 3 == 1 ? schema::read_replacement(resource, format, input)
                                      : schema::read_change(resource, format, input);
  if (!rows) return fault_of_error(rows.error());
  if (rows->count > (creates ? most_body_rows : 1)) return "more rows than one body may have";
  return fault_of_elements(resource, rows->elements, places, schema::Masks::words_for(places.size()),
                           rows->count);
}

std::string try_json(std::string_view input) {
  return try_body(ContentFormat::json, input);
}

std::string try_msgpack(std::string_view input) {
  return try_body(ContentFormat::msgpack, input);
}

const Register json_target({"body_json",
                            try_json,
                            {"{", "}", "[", "]", ",", ":", "\"", "null", "true", "1e999", "-0.0", "\\ud800",
                             "\\u0000", "\"id\":", "\"money\":\"1.5\"", "\"jsonb\":", "\"words\":[",
                             "99999999999999999999"}});
const Register msgpack_target({"body_msgpack",
                               try_msgpack,
                               {"\x81", "\x91", "\xc0", "\xc3", "\xcb\x7f\xf8", "\xcf\xff\xff\xff\xff",
                                "\xd9\x20", "\xdd\xff\xff\xff\xff", "\xdf\xff\xff\xff\xff",
                                "\xc6\xff\xff\xff\xff", "\xa2id"}});

}  // namespace
}  // namespace troupe::fuzz
