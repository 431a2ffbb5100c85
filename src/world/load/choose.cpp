#include "world/load/choose.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <numeric>

namespace troupe::world {
namespace {

constexpr std::size_t most_known_keys = 32;

Deed pick_deed(const LoadMix& mix, Rng& random) {
  double left = random.uniform() * std::accumulate(mix.deeds.begin(), mix.deeds.end(), 0.0);
  std::size_t place = 0;
  while (place + 1 < mix.deeds.size() && (left -= mix.deeds[place]) >= 0) ++place;
  return static_cast<Deed>(place);
}

Wish pick_wish(const WorldTable& table, bool new_row, const LoadMix& mix, Rng& random, std::string mark) {
  Wish wish{std::move(mark)};
  if (new_row && table.client_key) wish.id = table.keys[random.below(table.keys.size())];
  if (random.below(2) == 0) wish.slot = slot_named(random.below(slots));
  if (random.uniform() < mix.wrong_amounts) {
    wish.amount = "-1";
  } else if (random.below(2) == 0) {
    wish.amount = std::to_string(random.below(1000));
  }
  return wish;
}

std::string json_of(const Wish& wish, bool key_is_number) {
  auto json = fmt::format(R"({{"mark": "{}")", wish.mark);
  if (wish.id)
    json += key_is_number ? fmt::format(R"(, "id": {})", *wish.id) : fmt::format(R"(, "id": "{}")", *wish.id);
  if (wish.slot) json += fmt::format(R"(, "slot": "{}")", *wish.slot);
  if (wish.amount) json += fmt::format(R"(, "amount": {})", *wish.amount);
  return json + '}';
}

std::string body_of(const Asked& asked, const WorldTable& table) {
  if (asked.wishes.empty()) return {};
  const bool number = table.has_number_keys();
  if (asked.deed != Deed::create_many) return json_of(asked.wishes.front(), number);
  std::string body = "[";
  for (const auto& wish : asked.wishes) body += (body.size() > 1 ? ", " : "") + json_of(wish, number);
  return body + ']';
}

const char* method_of(Deed deed) {
  constexpr const char* methods[] = {"POST", "POST", "GET", "PUT", "PATCH", "DELETE", "GET"};
  return methods[static_cast<std::size_t>(deed)];
}

}  // namespace

void KeyBook::learn(std::size_t table, const std::string& key) {
  auto& keys = keys_[table];
  if (std::ranges::find(keys, key) != keys.end()) return;
  keys.insert(keys.begin(), key);
  if (keys.size() > most_known_keys) keys.pop_back();
}

std::string KeyBook::pick(const std::vector<WorldTable>& tables, std::size_t table, Rng& random) const {
  if (tables[table].client_key) return tables[table].keys[random.below(tables[table].keys.size())];
  const auto& keys = keys_[table];
  return keys.empty() ? std::to_string(1 + random.below(5)) : keys[random.below(keys.size())];
}

Asked choose(const std::vector<WorldTable>& tables, const KeyBook& keys, const SeenVersions& seen,
             const LoadMix& mix, Rng& random, const std::function<std::string()>& next_mark) {
  Asked asked;
  asked.table = random.below(tables.size());
  const auto& table = tables[asked.table];
  asked.deed = pick_deed(mix, random);
  if (asked.deed == Deed::create_many && mix.most_rows < 2) asked.deed = Deed::create;
  switch (asked.deed) {
    case Deed::create_many:
      for (auto rows = 2 + random.below(mix.most_rows - 1); rows > 0; --rows)
        asked.wishes.push_back(pick_wish(table, true, mix, random, next_mark()));
      return asked;
    case Deed::create:
      asked.wishes.push_back(pick_wish(table, true, mix, random, next_mark()));
      return asked;
    case Deed::list:
      asked.list_limit = random.below(2) == 0 ? 5 : 100;
      if (random.below(3) == 0) asked.list_slot = slot_named(random.below(slots));
      return asked;
    default:
      break;
  }
  asked.key = keys.pick(tables, asked.table, random);
  if (asked.deed == Deed::replace || asked.deed == Deed::change)
    asked.wishes.push_back(pick_wish(table, false, mix, random, next_mark()));
  const auto version = seen.find({asked.table, asked.key});
  if (asked.changes() && version != seen.end() && random.uniform() < mix.conditional)
    asked.if_mark = version->second.mark;
  return asked;
}

std::string list_query(const std::optional<std::string>& slot, std::size_t limit) {
  return fmt::format("order=id&limit={}{}", limit, slot ? "&slot=" + *slot : "");
}

std::string request_text(const Asked& asked, const WorldTable& table, const SeenVersions& seen) {
  auto target = table.path() + asked.key;
  if (asked.deed == Deed::list) target += '?' + list_query(asked.list_slot, asked.list_limit);
  auto text = fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\n", method_of(asked.deed), target);
  if (asked.if_mark) text += fmt::format("If-Match: {}\r\n", seen.at({asked.table, asked.key}).etag);
  const auto body = body_of(asked, table);
  if (!body.empty())
    text += fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", body.size());
  return text + "\r\n" + body;
}

}  // namespace troupe::world
