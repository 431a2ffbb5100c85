#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "postgres/database.hpp"

namespace troupe::cli {

/// Reads the resources again when somebody asks for it: the database's tables were changed under a running
/// server. On a thread of its own, at most once a second, however many ask.
class ResourceReload {
 public:
  /// Null: it could not be read, and stays as it was.
  using Use = std::function<void(const postgres::Served*)>;

  /// `database` must outlive this object.
  explicit ResourceReload(const postgres::Database& database) : database_(database) {}
  ~ResourceReload();
  ResourceReload(const ResourceReload&) = delete;
  ResourceReload& operator=(const ResourceReload&) = delete;

  /// Cheap; from any thread, also before `start`, when it does nothing until then.
  void ask();
  /// Begins to answer: `use` is given what is served, each time that somebody asked, on this object's thread.
  void start(Use use);
  /// Ends that, and waits until `use` has returned.
  void stop();

 private:
  void run();
  void read_again();

  const postgres::Database& database_;
  Use use_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool asked_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace troupe::cli
