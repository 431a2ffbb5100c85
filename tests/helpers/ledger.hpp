#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <future>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "helpers/items_client.hpp"
#include "helpers/sql_session.hpp"

namespace troupe::tests {

/// Items whose table counts the changes of each row, so that a change made twice is seen.
void make_ledger_table(SqlSession& sql);

/// What one client was told of its writes.
struct LedgerPage {
  struct Row {
    std::set<std::optional<int>> may_be;  ///< its price; nothing: it is not there
    int changes = 0;                      ///< answered as made; one more may be there after an unknown one
    bool one_more_change = false;
  };
  std::map<std::string, Row> rows;  ///< by name, which no two of them share
  std::vector<std::string> wrong;   ///< answers that no server may give
  int done = 0, unknown = 0, refused = 0;
  std::chrono::milliseconds longest{0};  ///< that an answer took
  std::string slowest;                   ///< which one that was
};

/// Clients that create, change, read and remove items of their own and write down what they are told. Each
/// sends its next request when the last one is answered; none pauses, whatever it was told. A row whose fate
/// is unknown is not touched again, so that each row's possible states stay few and are told exactly.
class Ledger {
 public:
  Ledger(std::uint16_t port, int clients);
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  /// Becomes a part of the names made from now on: a fault then tells when it was.
  void phase(std::size_t number) { phase_ = number; }
  /// Writes answered as done so far.
  int done() const { return done_; }

  /// Lets the clients end and returns what they know.
  const std::vector<LedgerPage>& close();

 private:
  class Client;

  std::atomic<std::size_t> phase_ = 0;
  std::atomic<int> done_ = 0;
  std::atomic<bool> stop_ = false;
  std::vector<std::future<LedgerPage>> running_;
  std::vector<LedgerPage> pages_;
};

/// How the table differs from what the clients were told (lost, made twice, not as told), and what they were
/// told that is wrong in itself: a line each, the first twenty. Nothing may be under way any more.
std::vector<std::string> audit(const std::vector<LedgerPage>& pages, SqlSession& sql);

/// How many lines there would be: where losses are expected, and counted.
std::size_t count_faults(const std::vector<LedgerPage>& pages, SqlSession& sql);

/// Over all pages.
LedgerPage sum_of(const std::vector<LedgerPage>& pages);

}  // namespace troupe::tests
