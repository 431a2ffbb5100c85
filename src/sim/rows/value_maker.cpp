#include "sim/rows/value_maker.hpp"

#include <re2/re2.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "schema/base64.hpp"
#include "sim/rows/number_maker.hpp"
#include "sim/rows/pattern_text.hpp"
#include "support/uuid_text.hpp"

namespace troupe::sim {
namespace {

using schema::Column;
using schema::Scalar;
using schema::TypeKind;

constexpr std::size_t usual_characters = 24;
constexpr unsigned most_tries = 20;  // for a text of a pattern that has the right length
constexpr std::size_t most_elements = 3;

/// Makes a text of one value.
using TextMaker = std::function<void(const Making&, std::string&)>;

ValueMaker adding(std::size_t place, Scalar::Kind kind, TextMaker make) {
  return [place, kind, make = std::move(make)](const Making& making, RowValues& out) {
    std::string text;
    make(making, text);
    out.add(place, kind, text);
  };
}

std::string_view alphabet() {
  return "abcdefghijklmnopqrstuvwxyz0123456789";
}

void append_letters(std::size_t count, Rng& rng, std::string& out) {
  for (std::size_t i = 0; i < count; ++i) out += alphabet()[rng.below(26)];
}

/// `value` in `width` characters, the last ones of it when it needs more.
void append_base36(std::uint64_t value, std::size_t width, std::string& out) {
  const auto begin = out.size();
  out.append(width, 'a');
  for (std::size_t i = width; i-- > 0; value /= 36) out[begin + i] = alphabet()[value % 36];
}

struct Lengths {
  std::size_t least, most;
};

Lengths lengths_of(const Column& column) {
  const auto least = column.rules.min_length.value_or(1);
  auto most = std::max(least, usual_characters);
  if (column.rules.max_length) most = std::min(most, *column.rules.max_length);
  if (column.type.max_characters)
    most = std::min(most, static_cast<std::size_t>(*column.type.max_characters));
  return {std::min(least, most), most};
}

// ---- texts

TextMaker free_text(const Column& column) {
  return [lengths = lengths_of(column)](const Making& making, std::string& out) {
    append_letters(lengths.least + making.rng.below(lengths.most - lengths.least + 1), making.rng, out);
  };
}

/// The salt in front of the serial where both have room; in a short text the serial alone, begun at the salt.
TextMaker unique_text(const Column& column, std::uint64_t salt) {
  constexpr std::size_t of_salt = 6, of_serial = 8;
  return [lengths = lengths_of(column), salt](const Making& making, std::string& out) {
    if (lengths.most < of_salt + of_serial) return append_base36(making.serial + salt, lengths.most, out);
    append_base36(salt, of_salt, out);
    append_base36(making.serial, of_serial, out);
    if (out.size() < lengths.least) out.append(lengths.least - out.size(), 'a');
  };
}

Result<TextMaker> text_of_pattern(const Column& column, const std::optional<UniqueStart>& unique) {
  const auto pattern = PatternText::parse(column.rules.pattern->pattern());
  if (!pattern) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("no texts are made up for a pattern with {}", pattern.error().message)};
  }
  const auto most = column.rules.max_length.value_or(std::string::npos);
  const auto least = column.rules.min_length.value_or(0);
  return TextMaker([=, pattern = *pattern](const Making& making, std::string& out) {
    // The serial's digits make the choices while there are some, each choice with a base of its own.
    auto left = unique ? making.serial + unique->salt % 1'000'000 : 0;
    const Choose choose = [&](std::uint64_t count) {
      if (!unique) return making.rng.below(count);
      return std::exchange(left, left / count) % count;
    };
    for (unsigned i = 0; i < most_tries; ++i) {
      out.clear();
      pattern.append(choose, out);
      if (unique || (out.size() >= least && out.size() <= most)) return;
    }
  });
}

Result<ValueMaker> text_maker(const Column& column, std::size_t place,
                              const std::optional<UniqueStart>& unique) {
  TextMaker make;
  if (column.rules.pattern) {
    auto made = text_of_pattern(column, unique);
    if (!made) return made.error();
    make = std::move(*made);
  } else {
    make = unique ? unique_text(column, unique->salt) : free_text(column);
  }
  return adding(place, Scalar::Kind::text, std::move(make));
}

// ---- the rest

/// Of one serial and salt always the same, of others another one.
Rng rng_of(const Making& making, std::uint64_t salt) {
  return Rng(Rng(salt)() + making.serial);
}

TextMaker uuid_text(const std::optional<UniqueStart>& unique) {
  if (!unique) return [](const Making& making, std::string& out) { append_uuid(making.rng, out); };
  return [salt = unique->salt](const Making& making, std::string& out) {
    auto rng = rng_of(making, salt);
    append_uuid(rng, out);
  };
}

/// A moment, counted in units from 2000-01-01 on; a unique one is the serial's own, begun at the salt.
std::uint64_t moment(const Making& making, const std::optional<UniqueStart>& unique, std::uint64_t units) {
  return unique ? (making.serial + unique->salt % units) % units : making.rng.below(units);
}

std::string date_text(std::uint64_t days) {
  const std::chrono::year_month_day day{std::chrono::sys_days{std::chrono::year{2000} / 1 / 1} +
                                        std::chrono::days(days)};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

std::string time_text(std::uint64_t seconds) {
  return fmt::format("{:02}:{:02}:{:02}", seconds / 3'600 % 24, seconds / 60 % 60, seconds % 60);
}

constexpr std::uint64_t seconds_a_day = 86'400;
constexpr std::uint64_t days = 9'000;  // to 2024

TextMaker time_maker(TypeKind kind, const std::optional<UniqueStart>& unique) {
  return [kind, unique](const Making& making, std::string& out) {
    switch (kind) {
      case TypeKind::date:
        out = date_text(moment(making, unique, days));
        return;
      case TypeKind::time:
        out = time_text(moment(making, unique, seconds_a_day));
        return;
      case TypeKind::interval:
        out = fmt::format("{} seconds", moment(making, unique, 100'000'000));
        return;
      default:
        break;
    }
    const auto at = moment(making, unique, days * seconds_a_day);
    out = date_text(at / seconds_a_day) + 'T' + time_text(at % seconds_a_day);
    if (kind == TypeKind::timestamptz) out += 'Z';
  };
}

TextMaker bytes_text(const std::optional<UniqueStart>& unique, bool hex) {
  return [unique, hex](const Making& making, std::string& out) {
    auto rng = unique ? rng_of(making, unique->salt) : making.rng;
    std::string bytes;
    for (int i = 0; i < 16; ++i) bytes += static_cast<char>(rng() & 0xff);
    if (!unique) making.rng = rng;
    if (!hex) return schema::append_base64(bytes, out);
    out = "\\x";
    for (const char byte : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  };
}

/// Types that are served as text and have an easy one; null for the others.
TextMaker other_text(const std::string& type, const std::optional<UniqueStart>& unique) {
  const auto number = [unique](const Making& making) {
    return unique ? making.serial + unique->salt : making.rng();
  };
  if (type == "inet" || type == "cidr") {
    return [number](const Making& making, std::string& out) {
      const auto n = number(making);
      out = fmt::format("10.{}.{}.{}", n >> 16 & 255, n >> 8 & 255, n & 255);
    };
  }
  if (type == "macaddr") {
    return [number](const Making& making, std::string& out) {
      const auto n = number(making);
      out = fmt::format("02:00:00:{:02x}:{:02x}:{:02x}", n >> 16 & 255, n >> 8 & 255, n & 255);
    };
  }
  if (type == "tsvector") {
    return [](const Making& making, std::string& out) { append_letters(8, making.rng, out); };
  }
  return {};
}

void append_array(const ValueMaker& element, const Making& making, std::string& out) {
  RowValues values;
  const auto count = making.rng.below(most_elements + 1);
  for (std::uint64_t i = 0; i < count; ++i) element(making, values);
  out = '[';
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ',';
    append_scalar(values.scalar(i), out);
  }
  out += ']';
}

Result<ValueMaker> array_maker(const Column& column, std::size_t place) {
  TextMaker make = [](const Making&, std::string& out) { out = "[]"; };
  if (column.element) {
    const auto& type = column.type.element.front();
    auto element = type.kind == TypeKind::bytes
                       ? Result<ValueMaker>(adding(0, Scalar::Kind::text, bytes_text({}, true)))
                       : value_maker(*column.element, 0, {});
    if (element) {
      make = [element = std::move(*element)](const Making& making, std::string& out) {
        append_array(element, making, out);
      };
    }
  }
  return adding(place, Scalar::Kind::list, std::move(make));
}

void append_json_object(const Making& making, std::string& out) {
  out = fmt::format(R"({{"n":{},"text":")", making.rng.below(1'000));
  append_letters(8, making.rng, out);
  out += R"("})";
}

}  // namespace

bool can_be_unique(const Column& column) {
  switch (column.type.kind) {
    case TypeKind::boolean:
    case TypeKind::enumeration:
    case TypeKind::json:
    case TypeKind::array:
      return false;
    case TypeKind::other:
      return static_cast<bool>(other_text(column.type.name, UniqueStart{})) && column.type.name != "tsvector";
    default:
      return true;
  }
}

Result<ValueMaker> value_maker(const Column& column, std::size_t place,
                               const std::optional<UniqueStart>& unique) {
  switch (column.type.kind) {
    case TypeKind::boolean:
      return ValueMaker([place](const Making& making, RowValues& out) {
        out.add_boolean(place, making.rng.below(2) == 1);
      });
    case TypeKind::integer:
    case TypeKind::real:
    case TypeKind::numeric: {
      auto digits = number_maker(column, unique);
      if (!digits) return digits.error();
      return adding(place, Scalar::Kind::number, std::move(*digits));
    }
    case TypeKind::text:
      return text_maker(column, place, unique);
    case TypeKind::uuid:
      return adding(place, Scalar::Kind::text, uuid_text(unique));
    case TypeKind::date:
    case TypeKind::time:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
    case TypeKind::interval:
      return adding(place, Scalar::Kind::text, time_maker(column.type.kind, unique));
    case TypeKind::json:
      return adding(place, Scalar::Kind::object,
                    [](const Making& making, std::string& out) { append_json_object(making, out); });
    case TypeKind::bytes:
      return adding(place, Scalar::Kind::text, bytes_text(unique, false));
    case TypeKind::enumeration:
      if (column.type.labels.empty()) return Error{ErrorCode::invalid_argument, "its type has no labels"};
      return adding(place, Scalar::Kind::text,
                    [labels = column.type.labels](const Making& making, std::string& out) {
                      out = labels[making.rng.below(labels.size())];
                    });
    case TypeKind::array:
      return array_maker(column, place);
    case TypeKind::other:
      break;
  }
  if (auto make = other_text(column.type.name, unique))
    return adding(place, Scalar::Kind::text, std::move(make));
  return Error{ErrorCode::invalid_argument,
               fmt::format("no values of the type {} are made up", column.type.declared)};
}

Scalar::Kind scalar_kind(const Column& column) {
  switch (column.type.kind) {
    case TypeKind::boolean:
      return Scalar::Kind::boolean;
    case TypeKind::integer:
    case TypeKind::real:
    case TypeKind::numeric:
      return Scalar::Kind::number;
    case TypeKind::json:
    case TypeKind::array:
      return Scalar::Kind::list;
    default:
      return Scalar::Kind::text;
  }
}

void add_text(const Column& column, std::size_t place, std::string_view text, RowValues& out) {
  const auto kind = scalar_kind(column);
  kind == Scalar::Kind::boolean ? out.add_boolean(place, text == "true" || text == "t")
                                : out.add(place, kind, text);
}

}  // namespace troupe::sim
