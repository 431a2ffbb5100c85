#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace troupe::tests {

/// A server on 127.0.0.1, or at a path, that sends whatever bytes a test wants; a thread for each connection.
class FakeServer {
 public:
  struct Reply {
    std::string bytes;
    std::optional<std::chrono::milliseconds> closes_after{};  ///< instead of waiting for another request
  };
  /// Of a request, with its body. Called on many threads.
  using Handler = std::function<Reply(const std::string& request)>;

  explicit FakeServer(Handler handler, const std::string& socket_path = "");
  ~FakeServer();
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  std::string url() const { return url_; }
  unsigned short port() const { return port_; }
  std::atomic<int> connections{0};

 private:
  void serve();
  void answer(int connection);

  Handler handler_;
  std::string url_;
  unsigned short port_ = 0;
  int listener_;
  std::mutex mutex_;
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::thread accepting_;
};

/// 200 with a body and further lines of the head, each with its end.
std::string answer_200(const std::string& body, const std::string& fields = "");

}  // namespace troupe::tests
