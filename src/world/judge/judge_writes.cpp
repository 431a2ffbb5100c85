#include "world/judge/judge_writes.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <set>

#include "world/judge/judge_reads.hpp"

namespace troupe::world {
namespace {

std::string name_of_row(std::size_t table, const std::string& key) {
  return fmt::format("{} {}", table, key);
}

/// May a write of this kind that was carried out be answered so?
bool is_status_of(Deed deed, int status) {
  switch (deed) {
    case Deed::create:
    case Deed::create_many:
      return status == 201;
    case Deed::replace:
      return status == 200 || status == 201;
    case Deed::change:
      return status == 200;
    case Deed::remove:
      return status == 204;
    default:
      return false;
  }
}

}  // namespace

WriteJudge::WriteJudge(const std::vector<WorldTable>& tables, const Timeline& timeline)
    : tables_(tables), timeline_(timeline) {
  for (const auto& change : timeline.changes()) {
    if (change.after) {
      by_mark_[change.after->mark].push_back(&change);
    } else {
      removals_[name_of_row(change.table, change.key)].push_back(&change);
    }
  }
}

TimePoint WriteJudge::committed(const Exchange& exchange) const {
  auto last = TimePoint::min();
  for (const auto* change : changes_of(exchange)) last = std::max(last, change->at);
  return last;
}

WriteJudge::Changes WriteJudge::changes_of(const Exchange& exchange) const {
  Changes changes;
  for (const auto& wish : exchange.asked.wishes) {
    const auto found = by_mark_.find(wish.mark);
    if (found != by_mark_.end()) changes.insert(changes.end(), found->second.begin(), found->second.end());
  }
  return changes;
}

std::string WriteJudge::fault_of(const Exchange& exchange) {
  const auto& [asked, answered] = exchange;
  if (asked.deed == Deed::remove) {
    const auto fault = fault_of_removal(exchange);
    return fault.empty() && exchange.known_not_done() ? fault_of_refusal(exchange) : fault;
  }
  const auto changes = changes_of(exchange);
  for (const auto* change : changes) {
    if (change->table != asked.table) return "it changed another table";
    if (change->at < asked.sent) return "it was done before it was asked for";
    if (answered.status != 0 && !answered.unknown && change->at > answered.at)
      return "it was answered before it was committed";
  }
  for (const auto& wish : asked.wishes) {
    const auto found = by_mark_.find(wish.mark);
    if (found != by_mark_.end() && found->second.size() > 1) return "it was done more than once";
  }
  if (!changes.empty() && changes.size() != asked.wishes.size()) return "only a part of it was done";
  if (answered.unknown && answered.status != 0 && answered.status != 503) return "no write is answered so";
  if (exchange.done()) return fault_of_done(exchange, changes);
  if (exchange.known_not_done()) {
    if (!changes.empty()) return "it was answered as not done, and it was done";
    return fault_of_refusal(exchange);
  }
  return answered.status == 0 || answered.unknown ? "" : "no write is answered so";
}

std::string WriteJudge::fault_of_done(const Exchange& exchange, const Changes& changes) {
  const auto& [asked, answered] = exchange;
  if (!is_status_of(asked.deed, answered.status)) return "no write is answered so";
  if (changes.empty()) return "the answered write is lost";
  if (std::ranges::any_of(asked.wishes, &Wish::breaks_check)) return "it breaks the table's check";
  for (const auto* change : changes) {
    const bool made = !change->before;
    switch (asked.deed) {
      case Deed::create:
      case Deed::create_many:
        if (!made) return "a row that was there was created";
        break;
      case Deed::change:
        if (made || change->key != asked.key) return "another row was changed";
        break;
      default:
        if (change->key != asked.key) return "another row was replaced";
        if (made != (answered.status == 201)) return "its status tells wrongly whether the row was made";
        break;
    }
    if (asked.if_mark && (made || change->before->mark != *asked.if_mark))
      return "it changed a version that If-Match did not name";
  }
  return fault_of_rows(exchange, changes);
}

namespace {

/// Is the row what the client wanted, as far as it said?
bool is_as_wished(const Wish& wish, const WorldTable& table, const Change& change, Deed deed) {
  const auto& row = *change.after;
  if (wish.id && row.id != *wish.id) return false;
  const bool keeps = deed == Deed::change;
  const auto slot = wish.slot ? wish.slot : keeps ? change.before->slot : std::nullopt;
  const auto amount = wish.amount ? *wish.amount : keeps ? change.before->amount : table.default_amount;
  return row.slot == slot && row.amount == amount;
}

}  // namespace

std::string WriteJudge::fault_of_rows(const Exchange& exchange, const Changes& changes) const {
  const auto& [asked, answered] = exchange;
  std::vector<Row> told;
  if (asked.deed == Deed::create_many) {
    if (auto rows = rows_of_json(answered.body)) told = std::move(*rows);
  } else if (auto row = row_of_json(answered.body)) {
    told = {std::move(*row)};
  }
  if (told.size() != changes.size()) return "the answer has not the rows that were written";
  for (std::size_t i = 0; i < told.size(); ++i) {
    if (told[i] != *changes[i]->after) return "the answer is not the row that was written";
    if (!is_as_wished(asked.wishes[i], tables_[asked.table], *changes[i], asked.deed))
      return "what was written is not what was asked for";
  }
  return {};
}

/// Of those that could have been his, the one that will be of no use to others soonest.
bool WriteJudge::claim_removal(const Exchange& exchange) {
  const auto& asked = exchange.asked;
  const auto& answered = exchange.answered;
  const bool open = answered.status == 0 || answered.unknown;
  auto& removals = removals_[name_of_row(asked.table, asked.key)];
  const auto his = std::ranges::find_if(removals, [&](const Change* change) {
    if (change->at < asked.sent || (!open && change->at > answered.at)) return false;
    return !asked.if_mark || change->before->mark == *asked.if_mark;
  });
  if (his == removals.end()) return false;
  removals.erase(his);
  return true;
}

std::string WriteJudge::fault_of_removal(const Exchange& exchange) {
  if (exchange.done() && !is_status_of(Deed::remove, exchange.answered.status))
    return "no removal is answered so";
  if (exchange.done() && !claim_removal(exchange)) return "the answered removal is lost";
  if (!exchange.done() && !exchange.known_not_done() && exchange.answered.status != 0 &&
      exchange.answered.status != 503)
    return "no removal is answered so";
  return {};
}

bool WriteJudge::slot_was_taken(const Exchange& exchange) const {
  const auto& asked = exchange.asked;
  std::set<std::string> wanted, ids;
  for (const auto& wish : asked.wishes) {
    // A body can be in conflict with itself.
    if (tables_[asked.table].slot_unique && wish.slot && !wanted.insert(*wish.slot).second) return true;
    if (wish.id && !ids.insert(*wish.id).second) return true;
  }
  for (const auto& [key, states] : timeline_.rows(asked.table)) {
    const auto taken = [&, same_row = key == asked.key](const RowState& state) {
      if (!state.row || !state.within(asked.sent, exchange.answered.at)) return false;
      if (ids.contains(state.row->id)) return true;
      return tables_[asked.table].slot_unique && !same_row && state.row->slot &&
             wanted.contains(*state.row->slot);
    };
    if (std::ranges::any_of(states, taken)) return true;
  }
  return false;
}

bool WriteJudge::had_other_version(const Exchange& exchange) const {
  const auto& states = timeline_.row(exchange.asked.table, exchange.asked.key);
  return std::ranges::any_of(states, [&](const RowState& state) {
    return state.within(exchange.asked.sent, exchange.answered.at) &&
           (!state.row || state.row->mark != *exchange.asked.if_mark);
  });
}

std::string WriteJudge::fault_of_refusal(const Exchange& exchange) const {
  const auto& asked = exchange.asked;
  const bool wrong = std::ranges::any_of(asked.wishes, &Wish::breaks_check);
  switch (exchange.answered.status) {
    case 404:
      if (asked.deed == Deed::create || asked.deed == Deed::create_many) return "a new row was not found";
      return was_absent(timeline_, exchange) ? "" : "the row was there all the time";
    case 409:
      return slot_was_taken(exchange) ? "" : "it was in conflict with no other row";
    case 412:
      if (!asked.if_mark) return "it demanded no version";
      return had_other_version(exchange) ? "" : "the row had the version that If-Match names all the time";
    case 422:
      return wrong ? "" : "its values are right";
    case 408:
    case 503:
      return {};
    default:
      return "no write is answered so";
  }
}

std::vector<std::string> WriteJudge::unclaimed(const std::vector<Exchange>& exchanges) {
  std::set<std::string> marks;
  for (const auto& exchange : exchanges) {
    for (const auto& wish : exchange.asked.wishes) marks.insert(wish.mark);
  }
  // Those that demanded a version first: for them only one removal will do.
  for (const bool conditional : {true, false}) {
    for (const auto& exchange : exchanges) {
      const bool open = exchange.answered.status == 0 || exchange.answered.unknown;
      if (exchange.asked.deed == Deed::remove && open && exchange.asked.if_mark.has_value() == conditional)
        claim_removal(exchange);
    }
  }
  std::vector<std::string> faults;
  for (const auto& [mark, changes] : by_mark_) {
    if (!marks.contains(mark))
      faults.push_back(fmt::format("a row has the mark {}, which nobody gave it", mark));
  }
  for (const auto& [row, removals] : removals_) {
    for (const auto* change : removals)
      faults.push_back(
          fmt::format("row {} of {} was deleted, and nobody who could have asked for it was told",
                      change->key, tables_[change->table].name));
  }
  return faults;
}

}  // namespace troupe::world
