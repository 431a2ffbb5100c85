#include "schema/transcode.hpp"

#include <boost/endian/conversion.hpp>
#include <charconv>
#include <cstdint>
#include <limits>
#include <vector>

#include "schema/json_events.hpp"
#include "schema/msgpack_text.hpp"
#include "schema/number_text.hpp"

namespace troupe::schema {
namespace {

/// Writes the events of a JSON text as MessagePack. How many members an array or object has is known at its
/// end, and written into its head then.
class MsgpackWriter {
 public:
  explicit MsgpackWriter(std::string& out) : out_(out) {}

  bool begin(bool object) {
    out_ += object ? '\xDF' : '\xDD';
    heads_.push_back(out_.size());
    out_.append(4, '\0');
    return true;
  }
  bool end(bool, std::size_t size) {
    auto* const head = reinterpret_cast<unsigned char*>(out_.data() + heads_.back());
    boost::endian::store_big_u32(head, static_cast<std::uint32_t>(size));
    heads_.pop_back();
    return true;
  }
  bool key(std::string_view name) { return text(name); }
  bool text(std::string_view text) {
    append_msgpack_text(text, out_);
    return true;
  }
  bool number(std::string_view digits) {
    const bool negative_zero = digits == "-0";  // which no integer is
    if (negative_zero || (!whole<std::int64_t>(digits) && !whole<std::uint64_t>(digits))) {
      append_msgpack_float(read_number(digits).value_or(0), out_);
    }
    return true;
  }
  bool flag(bool flag) {
    out_ += flag ? '\xC3' : '\xC2';
    return true;
  }
  bool null() {
    out_ += '\xC0';
    return true;
  }

 private:
  template <class Integer>
  bool whole(std::string_view digits) {
    Integer value{};
    const char* const last = digits.data() + digits.size();
    const auto [end, error] = std::from_chars(digits.data(), last, value);
    if (error != std::errc() || end != last) return false;
    StringSink sink{out_};
    MsgpackPacker(sink).pack(value);
    return true;
  }

  std::string& out_;
  std::vector<std::size_t> heads_;  ///< of the open arrays and objects
};

}  // namespace

void append_json_as_msgpack(std::string_view json, std::string& out) {
  const std::size_t before = out.size();
  MsgpackWriter writer(out);
  if (!read_json_events(json, std::numeric_limits<std::size_t>::max(), writer)) return;
  out.resize(before);
  append_msgpack_text(json, out);
}

}  // namespace troupe::schema
