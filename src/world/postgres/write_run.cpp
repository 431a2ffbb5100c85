#include "world/postgres/write_run.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "postgres/wire/rows_builder.hpp"
#include "schema/element.hpp"
#include "support/invariant.hpp"
#include "world/postgres/values.hpp"

namespace troupe::world {

using postgres::StatementError;

WriteRun::WriteRun(const Meaning& meaning, const postgres::Params& params, Transactions& transactions,
                   Transaction& transaction, bool table_order)
    : meaning_(meaning), table_(*meaning.table), transactions_(transactions), transaction_(transaction) {
  ++transaction.statement;
  read_inputs(params);
  // A lock sorts what it found.
  if (finds_rows()) find_rows(table_order && meaning.act != Act::lock);
}

bool WriteRun::finds_rows() const {
  return meaning_.act != Act::create && meaning_.act != Act::put;
}

const std::vector<std::size_t>& WriteRun::places() const {
  const auto& resource = meaning_.resource->resource;
  return meaning_.act == Act::create ? resource.insertable() : resource.updatable();
}

void WriteRun::read_inputs(const postgres::Params& params) {
  const auto& resource = meaning_.resource->resource;
  const bool only_keys = meaning_.act == Act::lock;
  std::size_t param = 0;
  const auto next = [&] { return array_of(params, param++); };
  std::vector<std::vector<Cell>> keys, words, values;
  std::vector<Cell> versions;
  if (meaning_.act != Act::create) {
    for (std::size_t i = 0; i < resource.key.size(); ++i) keys.push_back(next());
  }
  if (finds_rows() && !only_keys && resource.has_xmin) versions = next();
  if (meaning_.act != Act::remove && !only_keys) {
    for (std::size_t i = 0; i < schema::Masks::words_for(places().size()); ++i) words.push_back(next());
    for (std::size_t i = 0; i < places().size(); ++i) values.push_back(next());
  }
  TROUPE_INVARIANT(param == params.size(), "a statement was sent with the parameters of another");
  const auto count = keys.empty() ? (words.empty() ? 0 : words.front().size()) : keys.front().size();
  for (std::size_t row = 0; row < count; ++row) {
    auto& input = inputs_.emplace_back();
    input.ordinal = static_cast<std::int64_t>(row) + 1;
    for (const auto& key : keys) input.key.push_back(key[row]);
    if (!versions.empty()) input.versions = versions[row];
    std::string masks;
    for (const auto& word : words) schema::append_text_element(word[row].value_or(""), masks);
    std::string_view elements = masks;
    if (!words.empty()) input.masks = schema::Masks::take(places().size(), elements);
    for (const auto& value : values) input.values.push_back(value[row]);
  }
}

void WriteRun::find_rows(bool table_order) {
  for (auto& input : inputs_) {
    std::optional<Key> key;
    if (refused_ = find_key(meaning_.resource->resource, input.key, key); refused_) return;
    if (!key) continue;
    input.found_key = *key;
    const auto version = table_.seen_by(&transaction_, *key);
    if (version && version_allowed(input, *version)) input.found = version;
  }
  std::erase_if(inputs_, [](const Input& input) { return input.found == nullptr; });
  if (table_order)
    std::ranges::stable_sort(inputs_, {}, [](const Input& input) { return input.found->place; });
}

bool WriteRun::version_allowed(const Input& input, const Version& version) const {
  if (!input.versions) return true;
  const auto xmin = std::to_string(version.xmin);
  for (std::string_view rest = *input.versions;;) {
    const auto comma = rest.find(',');
    if (rest.substr(0, comma) == xmin) return true;
    if (comma == std::string_view::npos) return false;
    rest.remove_prefix(comma + 1);
  }
}

WriteRun::Step WriteRun::step() {
  if (refused_) return {nullptr, refused_};
  if (at_ == inputs_.size()) return {nullptr, std::nullopt, true};
  auto& input = inputs_[at_];
  switch (meaning_.act) {
    case Act::create:
      return step_insert(input);
    case Act::put:
      return step_put(input);
    case Act::remove:
    case Act::lock:
      return step_take(input);
    default:
      return step_update(input);
  }
}

/// The row of a create or put, and its key; nothing is done when it is made already.
std::optional<StatementError> WriteRun::make_new_row(const Input& input) {
  if (stage_ != Stage::fresh) return std::nullopt;
  if (auto fault = make_row(input, nullptr)) return fault;
  key_ = key_of(table_.resource(), row_);
  stage_ = Stage::made;
  return std::nullopt;
}

WriteRun::Step WriteRun::step_insert(const Input& input) {
  if (auto fault = make_new_row(input)) return {nullptr, fault};
  if (stage_ == Stage::made) {
    const auto* slot = table_.find(key_);
    const bool of_another = slot != nullptr && slot->holder != nullptr && slot->holder != &transaction_;
    // Who only locked the row will not take it away.
    if (of_another && !slot->only_locked()) return {slot->holder};
    if (slot != nullptr && slot->seen_by(&transaction_))
      return {nullptr, table_.duplicate(std::nullopt, row_)};
    hold(nullptr);
  }
  return check_uniques(input.ordinal);
}

WriteRun::Step WriteRun::step_put(const Input& input) {
  if (auto fault = make_new_row(input)) return {nullptr, fault};
  if (stage_ == Stage::made) {
    const auto* slot = table_.find(key_);
    if (slot != nullptr && changed_here(*slot)) {
      StatementError error{"21000", "ON CONFLICT DO UPDATE command cannot affect row a second time"};
      error.routine = "ExecOnConflictUpdate";
      return {nullptr, error};
    }
    if (slot != nullptr && slot->holder != nullptr && slot->holder != &transaction_) return {slot->holder};
    const auto before = table_.seen_by(&transaction_, key_);
    made_ = !before;
    if (made_) {
      hold(nullptr);
    } else {
      const auto proposed = std::exchange(row_, before->cells);
      for (const auto place : places()) row_[place] = proposed[place];
      if (auto fault = table_.fault_of(row_)) return {nullptr, fault};
      hold(&before->cells);
    }
  }
  return check_uniques(input.ordinal);
}

/// By this very statement.
bool WriteRun::changed_here(const Slot& slot) const {
  return slot.holder == &transaction_ && slot.changed_in == transaction_.statement;
}

WriteRun::Found WriteRun::look_again(Input& input, Step& step) const {
  const auto* slot = table_.find(input.found_key);
  // A row that the statement has changed already it does not see.
  if (slot == nullptr || changed_here(*slot)) return Found::gone;
  if (slot->holder != nullptr && slot->holder != &transaction_) {
    step.holder = slot->holder;
    return Found::held;
  }
  const auto& now = slot->seen_by(&transaction_);
  if (!now || now->life != input.found->life) return Found::gone;
  if (now == input.found) return Found::ours;
  if (!version_allowed(input, *now)) return Found::gone;
  input.found = now;
  return Found::changed;
}

// PostgreSQL looks at the constraints before it takes the row, and again if that has changed meanwhile.
WriteRun::Step WriteRun::step_update(Input& input) {
  while (stage_ != Stage::holding) {
    if (stage_ == Stage::fresh) {
      if (auto fault = make_row(input, &input.found->cells)) return {nullptr, fault};
      stage_ = Stage::made;
    }
    Step step;
    switch (look_again(input, step)) {
      case Found::held:
        return step;
      case Found::gone:
        next_row();
        return {};
      case Found::changed:
        stage_ = Stage::fresh;
        break;
      case Found::ours:
        key_ = input.found_key;
        hold(&input.found->cells);
    }
  }
  return check_uniques(input.ordinal);
}

WriteRun::Step WriteRun::step_take(Input& input) {
  while (true) {
    Step step;
    switch (look_again(input, step)) {
      case Found::held:
        return step;
      case Found::gone:
        next_row();
        return {};
      case Found::changed:
        break;
      case Found::ours:
        if (meaning_.act == Act::lock) {
          transactions_.lock(transaction_, table_, input.found_key);
        } else {
          transactions_.write(transaction_, table_, input.found_key, std::nullopt);
          returned_.push_back({input.ordinal, false, {}});
        }
        next_row();
        return {};
    }
  }
}

void WriteRun::hold(const Cells* before) {
  transactions_.write(transaction_, table_, key_, row_);
  stage_ = Stage::holding;
  checks_.clear();
  const auto& resource = table_.resource();
  const auto& uniques = table_.rules().uniques;
  for (auto unique = uniques.size(); unique-- > 0;) {
    const bool differs = std::ranges::any_of(uniques[unique].columns, [&](const std::string& column) {
      const auto place = *resource.find(column);
      return before == nullptr || (*before)[place] != row_[place];
    });
    if (differs) checks_.push_back(unique);
  }
}

WriteRun::Step WriteRun::check_uniques(std::int64_t ordinal) {
  for (; !checks_.empty(); checks_.pop_back()) {
    const auto claim = table_.claim(checks_.back(), key_, row_, transaction_);
    if (claim.holder != nullptr) return {claim.holder};
    if (claim.taken) return {nullptr, table_.duplicate(checks_.back(), row_)};
  }
  returned_.push_back({ordinal, made_, row_});
  next_row();
  return {};
}

std::optional<StatementError> WriteRun::make_row(const Input& input, const Cells* before) {
  const auto& resource = meaning_.resource->resource;
  if (before != nullptr) {
    row_ = *before;
  } else if (auto fault = set_new_row(input)) {
    return fault;
  }
  for (std::size_t i = 0; i < places().size(); ++i) {
    const auto place = places()[i];
    const bool has_default = !resource.columns[place].default_sql.empty();
    const bool is_set = meaning_.named ? meaning_.named->has(i) : input.masks->has(i);
    // Without a default an absent value of a new row is a null element, which is what it gets.
    if (is_set || (!meaning_.named && !has_default && meaning_.act != Act::change)) {
      if (auto fault = set_value(input, i, place)) return fault;
    } else if (meaning_.act != Act::change) {
      row_[place] = table_.default_of(place);
    }
  }
  return table_.fault_of(row_);
}

std::optional<StatementError> WriteRun::set_new_row(const Input& input) {
  const auto& resource = table_.resource();
  row_.assign(resource.columns.size(), std::nullopt);
  for (std::size_t place = 0; place < row_.size(); ++place) row_[place] = table_.default_of(place);
  for (std::size_t i = 0; i < resource.key.size(); ++i) {
    const auto place = resource.key[i];
    const auto sent = meaning_.act == Act::put  ? input.key[i]
                      : table_.rules().identity ? Cell(schema::wire_integer(table_.next_number()))
                                                : row_[place];
    if (auto fault = store(resource.columns[place], sent, row_[place])) return fault;
  }
  return std::nullopt;
}

std::optional<StatementError> WriteRun::set_value(const Input& input, std::size_t i, std::size_t place) {
  return store(table_.resource().columns[place], input.values[i], row_[place]);
}

postgres::Rows WriteRun::rows() const {
  const auto act = meaning_.act;
  const bool has_xmin = meaning_.resource->resource.has_xmin;
  if (act == Act::lock) return postgres::RowsBuilder(0).take();  // libpq makes no rows without columns
  const auto columns = act == Act::remove ? 0 : table_.resource().columns.size();
  const int first = act == Act::create ? 0 : 1;
  postgres::RowsBuilder built(first + static_cast<int>(columns) + (has_xmin && columns > 0 ? 1 : 0));
  const auto xmin = schema::wire_integer(transaction_.xid, 4);
  for (int row = 0; row < static_cast<int>(returned_.size()); ++row) {
    const auto& returned = returned_[static_cast<std::size_t>(row)];
    if (act == Act::put) {
      built.set(row, 0, has_xmin ? Cell(std::string(1, static_cast<char>(returned.made))) : Cell());
    } else if (first == 1) {
      built.set(row, 0, schema::wire_integer(returned.ordinal));
    }
    for (std::size_t place = 0; place < columns; ++place)
      built.set(row, first + static_cast<int>(place), returned.cells[place]);
    if (has_xmin && columns > 0) built.set(row, first + static_cast<int>(columns), xmin);
  }
  return built.take();
}

}  // namespace troupe::world
