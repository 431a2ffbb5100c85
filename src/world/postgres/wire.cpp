#include "world/postgres/wire.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <caf/send.hpp>
#include <iterator>
#include <utility>
#include <variant>

namespace troupe::world {
namespace {

constexpr std::size_t most_pieces = 3;

/// About what the messages of a completion take: BindComplete, DataRows, CommandComplete, ReadyForQuery.
std::size_t size_of(const postgres::Completion& completion) {
  constexpr std::size_t around = 27, row_header = 7, cell_header = 4, error_fields = 100;
  if (const auto* error = std::get_if<postgres::StatementError>(&completion.outcome))
    return around + error_fields + error->message.size() + error->detail.size();
  const auto& rows = std::get<postgres::Rows>(completion.outcome);
  std::size_t size = around;
  for (int row = 0; row < rows.count(); ++row) {
    size += row_header;
    for (int column = 0; column < PQnfields(rows.handle()); ++column)
      size += cell_header + rows.text(row, column).size();
  }
  return size;
}

}  // namespace

Result<bool> Wire::flush() {
  if (broken_) return *broken_;
  if (unwritten_.empty()) return false;
  if (blocked_) return true;
  if (!time_.chance(settings_.short_flushes)) {
    write(unwritten_.size());
    return false;
  }
  write(time_.below(unwritten_.size()));
  blocked_ = true;
  time_.events().after(time_.draw(settings_.network), [self = shared_from_this()] {
    self->blocked_ = false;
    self->tell(true);
  });
  return true;
}

void Wire::write(std::size_t count) {
  for (; count > 0; --count) {
    if (!cut_at_) to_server_.push_back(std::move(unwritten_.front()));
    unwritten_.pop_front();
    last_request_ = std::max(last_request_, time_.now() + time_.draw(settings_.network));
    time_.events().at(last_request_, [self = shared_from_this()] { self->request_arrives(); });
  }
}

// The events of one moment come in any order: whichever comes first brings what is first.
void Wire::request_arrives() {
  if (to_server_.empty()) return;
  auto request = std::move(to_server_.front());
  to_server_.pop_front();
  if (on_request) on_request(std::move(request));
}

Result<void> Wire::receive(std::vector<postgres::Completion>& done) {
  unread_ = false;
  while (!answers_.empty() && answers_.front().end <= arrived_) {
    std::ranges::move(answers_.front().completions, std::back_inserter(done));
    answers_.pop_front();
  }
  if (broken_) return *broken_;
  listening_ = true;
  return {};
}

void Wire::listen() {
  listening_ = true;
  if (unread_ || broken_) readable();
}

void Wire::close() {
  owner_.reset();
  unwritten_.clear();
  last_request_ = std::max(last_request_, time_.now() + time_.draw(settings_.network));
  time_.events().at(last_request_, [self = shared_from_this()] {
    if (self->on_close) self->on_close();
  });
}

bool Wire::is_his(const actors::SocketReady& ready) const {
  return owner_ && ready.generation == owner_->generation;
}

void Wire::tell(bool writable) {
  if (owner_) caf::anon_send(owner_->actor, actors::SocketReady{owner_->generation, writable});
}

void Wire::readable() {
  unread_ = !listening_;
  if (std::exchange(listening_, false)) tell(false);
}

void Wire::answer(std::vector<postgres::Completion> completions) {
  if (cut_at_) return;
  std::size_t left = 0;
  for (const auto& completion : completions) left += size_of(completion);
  produced_ += left;
  answers_.push_back({produced_, std::move(completions)});
  for (std::size_t piece = 1; piece < most_pieces && left > 1 && time_.chance(settings_.splits); ++piece) {
    const auto bytes = 1 + time_.below(left - 1);
    send_piece(bytes);
    left -= bytes;
  }
  send_piece(left);
}

void Wire::send_piece(std::size_t bytes) {
  pieces_.push_back(bytes);
  last_piece_ = std::max(last_piece_, time_.now() + time_.draw(settings_.network));
  time_.events().at(last_piece_, [self = shared_from_this()] { self->piece_arrives(); });
}

void Wire::piece_arrives() {
  if (broken_ || pieces_.empty()) return;
  if (const auto from = time_.answers_from(); time_.now() < from)
    return time_.events().at(from, [self = shared_from_this()] { self->piece_arrives(); });
  arrived_ = std::min(arrived_ + pieces_.front(), cut_at_.value_or(produced_));
  pieces_.pop_front();
  readable();
}

void Wire::cut(Error why, bool loses) {
  if (cut_at_) return;
  const auto under_way = produced_ - arrived_;
  cut_at_ = arrived_ + (loses ? time_.below(under_way + 1) : under_way);
  to_server_.clear();
  last_piece_ = std::max(last_piece_, time_.now() + time_.draw(settings_.network));
  time_.events().at(last_piece_, [self = shared_from_this(), why = std::move(why)] { self->break_off(why); });
}

void Wire::break_off(const Error& why) {
  if (const auto from = time_.answers_from(); time_.now() < from)
    return time_.events().at(from, [self = shared_from_this(), why] { self->break_off(why); });
  arrived_ = *cut_at_;
  broken_ = why;
  readable();
}

}  // namespace troupe::world
