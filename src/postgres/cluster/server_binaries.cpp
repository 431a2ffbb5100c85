#include "postgres/cluster/server_binaries.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string>

#include "postgres/cluster/child_process.hpp"

namespace troupe::postgres {
namespace {

namespace fs = std::filesystem;

bool is_executable(const fs::path& file) {
  return access(file.c_str(), X_OK) == 0;
}

// "postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)"
std::optional<int> major_version(const fs::path& postgres) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  const FileDescriptor in(ends[0]);
  FileDescriptor out(ends[1]);
  auto child = ChildProcess::spawn({{postgres.string(), "--version"}, std::nullopt, out.get()});
  out = FileDescriptor();
  if (!child || child->wait(std::chrono::seconds{5}) != ChildProcess::Waited::ended) return std::nullopt;
  std::array<char, 200> text{};
  if (read(in.get(), text.data(), text.size() - 1) <= 0) return std::nullopt;
  const std::string version = text.data();
  const auto start = version.find(") ");
  if (!child->succeeded() || start == std::string::npos) return std::nullopt;
  return std::atoi(version.c_str() + start + 2);
}

}  // namespace

std::vector<fs::path> server_search_path() {
  std::vector<fs::path> directories;
  const char* path = std::getenv("PATH");
  std::istringstream entries(path == nullptr ? "" : path);
  for (std::string entry; std::getline(entries, entry, ':');) {
    if (!entry.empty() && entry.front() == '/') directories.emplace_back(entry);
  }
  std::map<int, fs::path, std::greater<>> versions;
  std::error_code ignored;  // no such directory: no such server
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", ignored))
    versions[std::atoi(entry.path().filename().c_str())] = entry.path() / "bin";
  for (auto& [version, directory] : versions) directories.push_back(std::move(directory));
  return directories;
}

Result<ServerBinaries> find_server(std::span<const fs::path> directories, std::optional<int> wanted_major) {
  std::optional<int> other;
  for (const fs::path& directory : directories) {
    ServerBinaries found{directory / "initdb", directory / "postgres"};
    if (!is_executable(found.initdb) || !is_executable(found.postgres)) continue;
    const auto version = major_version(found.postgres);
    if (!version) continue;
    found.major_version = *version;
    if (!wanted_major || *wanted_major == *version) return found;
    if (!other) other = version;
  }
  if (other)
    return Error{ErrorCode::invalid_argument,
                 "the data directory was made by PostgreSQL " + std::to_string(*wanted_major) +
                     ", but the one installed is " + std::to_string(*other) +
                     ": install the package postgresql-" + std::to_string(*wanted_major) +
                     " or give another --data-dir"};
  return Error{
      ErrorCode::unavailable,
      "no PostgreSQL server found (initdb and postgres): install the Debian package `postgresql`, or give "
      "--database-url to use a running one"};
}

}  // namespace troupe::postgres
