#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "helpers/memory_server.hpp"

namespace troupe::fuzz {

/// What the database says to a command.
using AnswerTo = std::function<actors::Outcome(const actors::Command& command)>;

/// The whole API over tables() and queries(), with a client that sends what it is told.
class FuzzServer {
 public:
  FuzzServer();

  /// A new client sends `input`, whole or cut by chance, and then its end. Says what is wrong with what it
  /// gets: an answer that is none, more answers than requests, too few on a connection that stays; else
  /// nothing. `answer`: what the database says.
  std::string talk(std::string_view input, bool in_pieces, const AnswerTo& answer);

 private:
  std::string fault_of_answers(std::string_view input, std::string_view received) const;
  void answer_all(const AnswerTo& answer);

  ServerSettings settings_;
  std::unique_ptr<tests::MemoryServer> server_;
  std::size_t clients_ = 0;   ///< of `server_`
  std::size_t answered_ = 0;  ///< of what was asked of it
};

/// What a database answers that has every row, from the command itself.
actors::Outcome plain_answer(const actors::Command& command);

}  // namespace troupe::fuzz
