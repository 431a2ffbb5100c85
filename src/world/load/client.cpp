#include "world/load/client.hpp"

#include <spdlog/fmt/fmt.h>

#include <boost/asio/buffer.hpp>
#include <utility>

namespace troupe::world {

namespace {

constexpr auto longest_stall = std::chrono::seconds(4);
constexpr Span before_connecting_again{std::chrono::milliseconds(1), std::chrono::milliseconds(50)};

}  // namespace

Client::Client(LoadPlace& place, std::size_t number, const ClientTraits& traits, std::uint64_t seed)
    : place_(place),
      number_(number),
      traits_(traits),
      random_(seed, RandomStream::world_load, number),
      seed_(seed) {}

void Client::start() {
  place_.events.after(draw(traits_.think, random_), [this] { connect(); });
}

void Client::leave() {
  asking_ = false;
  if (link_) link_->end();
}

void Client::connect() {
  if (!asking_) return;
  link_ = place_.connect(traits_.link, Rng(seed_, RandomStream::world_network, number_ << 32 | ++links_));
  link_->on_bytes = [this, link = link_.get()](std::string_view bytes) {
    if (link == link_.get()) on_bytes(bytes);
  };
  link_->on_end = [this, link = link_.get()] {
    if (link == link_.get()) on_end();
  };
  parser_.reset();
  unparsed_.clear();
  stalled_ = ended_ = false;
  think();
}

void Client::think() {
  if (!asking_ || std::exchange(thinking_, true)) return;
  place_.events.after(draw(traits_.think, random_), [this] {
    thinking_ = false;
    ask();
  });
}

void Client::ask() {
  if (!asking_ || !link_ || stalled_ || ended_ || under_way_.size() >= traits_.depth) return;
  const auto padding = std::string(place_.mix.padding, '.');
  auto asked = choose(place_.tables, place_.keys, seen_, place_.mix, random_,
                      [&] { return fmt::format("c{}-{}{}", number_, ++marks_, padding); });
  asked.client = number_;
  asked.sent = asked.whole = place_.events.now();
  const auto text = request_text(asked, place_.tables[asked.table], seen_);
  under_way_.push_back(place_.log.ask(std::move(asked)));
  send(text);
  if (under_way_.size() < traits_.depth) think();
}

void Client::send(const std::string& text) {
  if (random_.uniform() < place_.mix.stalls) {
    stalled_ = true;
    const auto part = 1 + random_.below(text.size() - 1);
    const auto number = under_way_.back();
    place_.log.hold_back(number, TimePoint::max());
    link_->send(text.substr(0, part));
    const auto pause = from_seconds(to_seconds(longest_stall) * random_.uniform() * random_.uniform());
    return place_.events.after(
        pause, [this, rest = text.substr(part), link = links_, number] { send_rest(rest, link, number); });
  }
  link_->send(text);
  if (random_.uniform() < place_.mix.half_closes) {
    ended_ = true;
    link_->end();
  }
}

void Client::send_rest(const std::string& text, std::uint64_t link, std::uint64_t number) {
  if (!link_ || links_ != link) return;
  stalled_ = false;
  if (place_.log.exchange(number).answered.at == TimePoint{})
    place_.log.hold_back(number, place_.events.now());
  link_->send(text);
  think();
}

void Client::on_bytes(std::string_view bytes) {
  unparsed_ += bytes;
  while (!unparsed_.empty()) {
    if (!parser_) {
      parser_ = std::make_unique<Parser>();
      parser_->eager(true);
      parser_->body_limit(boost::none);
    }
    boost::system::error_code error;
    const auto used = parser_->put(boost::asio::buffer(unparsed_), error);
    unparsed_.erase(0, used);
    if (error == boost::beast::http::error::need_more) return;
    if (error)
      return place_.log.complain(fmt::format("client {} was sent no HTTP: {}", number_, error.message()));
    if (parser_->is_done()) {
      on_answer(*parser_);
      parser_.reset();
    } else if (used == 0) {
      return;
    }
  }
}

void Client::on_answer(Parser& parser) {
  auto& message = parser.get();
  const auto status = static_cast<int>(message.result_int());
  if (under_way_.empty()) {
    constexpr int timed_out = 408;  // the server was tired of waiting, and closes
    if (status != timed_out)
      place_.log.complain(fmt::format("client {} was answered {} though it had not asked", number_, status));
    return;
  }
  if (!message.keep_alive()) ended_ = true;
  const auto number = under_way_.front();
  under_way_.pop_front();
  const bool unknown = message.body().find(R"("outcome":"unknown")") != std::string::npos;
  place_.log.answer(number,
                    {status, std::move(message.body()), std::string(message[boost::beast::http::field::etag]),
                     unknown, false, place_.events.now()});
  remember(place_.log.exchange(number));
  think();
}

void Client::remember(const Exchange& exchange) {
  const auto& [asked, answered] = exchange;
  if (asked.deed == Deed::create_many && exchange.done()) {
    const auto rows = rows_of_json(answered.body);
    if (rows)
      for (const auto& row : *rows) place_.keys.learn(asked.table, row.id);
    return;
  }
  if (asked.deed == Deed::list || !exchange.done()) return;
  const auto row = row_of_json(answered.body);
  if (!row) return;
  if (!place_.tables[asked.table].client_key) place_.keys.learn(asked.table, row->id);
  if (!answered.etag.empty()) seen_[{asked.table, row->id}] = {answered.etag, row->mark};
}

void Client::on_end() {
  const auto lost = std::exchange(under_way_, {});
  const bool dropped = !ended_ && !link_->broken_by_client();
  for (const auto number : lost) place_.log.answer(number, {0, {}, {}, true, dropped, place_.events.now()});
  link_.reset();
  if (asking_) place_.events.after(draw(before_connecting_again, random_), [this] { connect(); });
}

}  // namespace troupe::world
