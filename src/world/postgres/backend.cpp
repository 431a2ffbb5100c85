#include "world/postgres/backend.hpp"

#include <spdlog/fmt/fmt.h>

#include <charconv>
#include <string>

#include "postgres/wire/rows_builder.hpp"
#include "schema/element.hpp"
#include "support/invariant.hpp"
#include "world/postgres/reads.hpp"
#include "world/postgres/values.hpp"

namespace troupe::world {
namespace {

using postgres::StatementError;

// A process whose client is gone finds out when it answers, or not before the next statement.
constexpr double notices_at_once = 0.5;

const Error terminated_by_administrator{ErrorCode::unavailable,
                                        "terminating connection due to administrator command"};

StatementError canceled(const char* sqlstate, const char* due_to) {
  StatementError error{sqlstate, std::string("canceling statement due to ") + due_to};
  error.routine = "ProcessInterrupts";
  return error;
}

StatementError read_only(Act act) {
  StatementError error{"25006", fmt::format("cannot execute {} in a read-only transaction", word_of(act))};
  error.routine = "PreventCommandIfReadOnly";
  return error;
}

/// Of a text as BatchSending makes it: "250ms".
std::chrono::milliseconds milliseconds_in(const Cell& text) {
  std::int64_t value = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), value);
  return std::chrono::milliseconds(value);
}

}  // namespace

void Backend::serve(std::function<void()> on_end) {
  on_end_ = std::move(on_end);
  const auto weak = weak_from_this();
  wire_->on_request = [weak](Request request) {
    if (const auto self = weak.lock()) self->received(std::move(request));
  };
  wire_->on_close = [weak] {
    if (const auto self = weak.lock()) self->client_gone();
  };
}

void Backend::later(Duration time, std::function<void()> what) {
  engine_.time.later(time, [weak = weak_from_this(), statement = statement_, what = std::move(what)] {
    const auto self = weak.lock();
    if (self && !self->ended_ && self->statement_ == statement && !self->settled_) what();
  });
}

// ---- the connection

void Backend::received(Request request) {
  if (ended_) return;
  requests_.push_back(std::move(request));
  if (doing_ == Doing::nothing) begin_next();
}

void Backend::client_gone() {
  if (ended_) return;
  client_gone_ = true;
  if (doing_ == Doing::nothing) begin_next();
}

void Backend::cut(Error why) {
  wire_->cut(std::move(why), true);
  client_gone();
}

void Backend::terminate() {
  if (ended_) return;
  if (doing_ == Doing::committing) {
    terminated_ = true;
    return;
  }
  abort();
  wire_->cut(terminated_by_administrator, false);
  end();
}

bool Backend::cancel() {
  if (ended_ || settled_ || (doing_ != Doing::running && doing_ != Doing::waiting)) return false;
  fail(canceled("57014", "user request"));
  return true;
}

void Backend::die(Error why) {
  ended_ = true;
  requests_.clear();
  wire_->cut(std::move(why), true);
}

void Backend::end() {
  ended_ = true;
  requests_.clear();
  abort();
  if (const auto on_end = std::exchange(on_end_, nullptr)) on_end();
}

// ---- a statement

void Backend::begin_next() {
  doing_ = Doing::nothing;
  if (client_gone_ && engine_.time.chance(notices_at_once)) requests_.clear();
  while (refused_ && !requests_.empty()) settle(*refused_);
  if (requests_.empty()) {
    if (client_gone_) end();
    return;
  }
  doing_ = Doing::running;
  settled_ = false;
  ++statement_;
  if (outcomes_.empty()) timeouts_before_ = timeouts_;
  // Each statement has its own: PostgreSQL stops the clock at the end of an Execute, and starts it again with
  // the next message.
  if (timeouts_.statement.count() > 0) {
    later(timeouts_.statement, [this] {
      if (doing_ != Doing::committing) fail(canceled("57014", "statement timeout"));
    });
  }
  later(engine_.time.draw(engine_.settings.statement), [this] { run(); });
}

void Backend::run() {
  const auto& request = requests_.front();
  meaning_ = &engine_.repertoire.meaning_of(request.statement);
  if (block_ == Block::failed && meaning_->act != Act::commit)
    return fail({"25P02", "current transaction is aborted, commands ignored until end of transaction block"});
  if (run_of_session()) return;
  if (!is_write(meaning_->act)) {
    auto outcome = read_rows(*meaning_, request.params, transaction_);
    if (auto* error = std::get_if<StatementError>(&outcome)) return fail(std::move(*error));
    return complete(std::move(std::get<postgres::Rows>(outcome)));
  }
  if (engine_.read_only || block_ == Block::open) return fail(read_only(meaning_->act));
  begin_write();
}

bool Backend::run_of_session() {
  postgres::RowsBuilder rows(meaning_->act == Act::ping ? 1 : 0);
  switch (meaning_->act) {
    case Act::ping:
      rows.set(0, 0, schema::wire_integer(1));
      break;
    case Act::set_timeouts:
      set_timeouts(requests_.front().params);
      break;
    case Act::begin_read_only:
    case Act::commit:
      TROUPE_INVARIANT(outcomes_.empty() && requests_.front().then == postgres::Then::commit,
                       "BEGIN and COMMIT are not modelled among other statements before one Sync");
      block_ = meaning_->act == Act::commit ? Block::none : Block::open;
      break;
    case Act::nothing:
      break;
    default:
      return false;
  }
  complete(rows.take());
  return true;
}

void Backend::set_timeouts(const postgres::Params& params) {
  timeouts_ = {milliseconds_in(param_of(params, 0)), milliseconds_in(param_of(params, 1))};
}

void Backend::begin_write() {
  if (transaction_ == nullptr) transaction_ = &engine_.transactions.begin();
  write_.emplace(*meaning_, requests_.front().params, engine_.transactions, *transaction_,
                 engine_.time.chance(engine_.settings.table_order));
  go_on();
}

void Backend::go_on() {
  doing_ = Doing::running;
  while (true) {
    auto step = write_->step();
    if (step.error) return fail(std::move(*step.error));
    if (step.holder != nullptr) return wait_for(*step.holder);
    const auto pause = engine_.time.draw(engine_.settings.row_pause);
    if (step.finished) return later(pause, [this] { complete(write_->rows()); });
    if (engine_.time.chance(engine_.settings.pauses)) return later(pause, [this] { go_on(); });
  }
}

void Backend::wait_for(Transaction& holder) {
  doing_ = Doing::waiting;
  const auto wait = ++wait_;
  engine_.transactions.wait(*transaction_, holder, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self || self->ended_) return;
    ++self->wait_;
    self->go_on();
  });
  if (timeouts_.lock.count() > 0) {
    later(timeouts_.lock, [this, wait] {
      if (wait_ == wait) fail(canceled("55P03", "lock timeout"));
    });
  }
  later(engine_.settings.deadlock_timeout, [this, wait] {
    if (wait_ != wait || !Transactions::in_deadlock(*transaction_)) return;
    StatementError error{"40P01", "deadlock detected"};
    error.routine = "DeadLockReport";
    fail(std::move(error));
  });
}

void Backend::complete(postgres::Rows rows) {
  write_.reset();
  if (transaction_ == nullptr || requests_.front().then == postgres::Then::go_on)
    return finish(std::move(rows));
  doing_ = Doing::committing;
  const auto shared = std::make_shared<postgres::Rows>(std::move(rows));
  engine_.transactions.commit(*std::exchange(transaction_, nullptr), [weak = weak_from_this(), shared] {
    const auto self = weak.lock();
    if (self && !self->ended_) self->finish(std::move(*shared));
  });
}

void Backend::fail(StatementError error) {
  ++wait_;
  write_.reset();
  if (block_ == Block::open) block_ = Block::failed;
  timeouts_ = timeouts_before_;
  finish(std::move(error));
  abort();
}

void Backend::finish(Outcome outcome) {
  settled_ = true;
  auto shared = std::make_shared<Outcome>(std::move(outcome));
  engine_.time.later(engine_.time.draw(engine_.settings.row_pause),
                     [weak = weak_from_this(), shared = std::move(shared)] {
                       const auto self = weak.lock();
                       if (self && !self->ended_) self->finished(std::move(*shared));
                     });
}

void Backend::finished(Outcome outcome) {
  settle(std::move(outcome));
  if (!terminated_) return begin_next();
  wire_->cut(terminated_by_administrator, false);
  end();
}

void Backend::settle(Outcome outcome) {
  const auto& request = requests_.front();
  const auto then = request.then;
  if (const auto* error = std::get_if<StatementError>(&outcome)) refused_ = *error;
  outcomes_.push_back({request.tag, std::move(outcome)});
  requests_.pop_front();
  if (then == postgres::Then::go_on) return;
  if (refused_) {
    for (auto& each : outcomes_) each.outcome = *refused_;
  }
  refused_.reset();
  wire_->answer(std::exchange(outcomes_, {}));
}

void Backend::abort() {
  if (auto* transaction = std::exchange(transaction_, nullptr)) engine_.transactions.abort(*transaction);
}

}  // namespace troupe::world
