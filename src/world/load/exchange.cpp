#include "world/load/exchange.hpp"

#include <spdlog/fmt/fmt.h>

namespace troupe::world {

std::string shortened_mark(const std::string& mark) {
  return mark.substr(0, mark.find('.'));
}

const char* name_of(Deed deed) {
  constexpr const char* names[] = {"create", "create many", "read", "replace", "change", "remove", "list"};
  return names[static_cast<std::size_t>(deed)];
}

std::string to_text(const Exchange& exchange, const std::string& path) {
  const auto& asked = exchange.asked;
  const auto shortened = [](const std::string& text) {
    constexpr std::size_t shown = 300;
    return text.size() <= shown ? text : fmt::format("{}… ({} bytes)", text.substr(0, shown), text.size());
  };
  auto text =
      fmt::format("#{} client {}: {} {}{}", asked.number, asked.client, name_of(asked.deed), path, asked.key);
  for (const auto& wish : asked.wishes) {
    text += " mark " + shortened_mark(wish.mark);
    if (wish.id) text += " id " + *wish.id;
    if (wish.slot) text += " slot " + *wish.slot;
    if (wish.amount) text += " amount " + *wish.amount;
  }
  if (asked.if_mark) text += " if " + shortened_mark(*asked.if_mark);
  if (asked.list_limit != 0) text += fmt::format(" limit {}", asked.list_limit);
  if (asked.list_slot) text += " slot " + *asked.list_slot;
  if (exchange.answered.status == 0) return text + " -> no answer";
  return text + fmt::format(" -> {}{} {}", exchange.answered.status,
                            exchange.answered.unknown ? " (unknown)" : "", shortened(exchange.answered.body));
}

}  // namespace troupe::world
