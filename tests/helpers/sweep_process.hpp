#pragma once

#include <algorithm>
#include <boost/json/parse.hpp>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "helpers/folder.hpp"
#include "helpers/processes.hpp"
#include "helpers/server_process.hpp"

namespace troupe::tests {

/// A sweep of a few seconds, on a machine that is busy with other things and under AddressSanitizer.
constexpr std::chrono::minutes sweep_patience{4};

inline Launch sweep_launch(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "sweep");
  return {std::move(arguments)};
}

inline Finished run_sweep(std::vector<std::string> arguments) {
  return TroupeProcess(sweep_launch(std::move(arguments))).finish(sweep_patience);
}

inline std::vector<std::string> operator+(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// One line for people, as every fault is told.
inline bool is_one_line(const std::string& text) {
  return text.starts_with("troupe: ") && text.find('\n') == text.size() - 1;
}

inline std::size_t count_lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

using CsvRow = std::map<std::string, std::string>;

/// The rows of a CSV file without quotes, by the names in its first line.
inline std::vector<CsvRow> csv_rows(const std::filesystem::path& file) {
  const auto split = [](const std::string& line) {
    std::vector<std::string> fields;
    std::istringstream in(line.substr(0, line.find('\r')));
    for (std::string field; std::getline(in, field, ',');) fields.push_back(field);
    return fields;
  };
  std::istringstream in(content_of(file));
  std::string line;
  std::getline(in, line);
  const auto names = split(line);
  std::vector<CsvRow> rows;
  while (std::getline(in, line)) {
    const auto fields = split(line);
    auto& row = rows.emplace_back();
    for (std::size_t i = 0; i < names.size(); ++i) row[names[i]] = i < fields.size() ? fields[i] : "";
  }
  return rows;
}

/// How many different values, or combinations of them, the rows have.
inline std::size_t count_different(const std::vector<CsvRow>& rows, const std::vector<std::string>& columns) {
  std::set<std::vector<std::string>> seen;
  for (const auto& row : rows) {
    std::vector<std::string> values;
    for (const auto& column : columns) values.push_back(row.at(column));
    seen.insert(std::move(values));
  }
  return seen.size();
}

inline boost::json::value json_of(const std::filesystem::path& file) {
  return boost::json::parse(content_of(file));
}

/// What a process that runs an embedded cluster must not leave behind.
struct ClusterTraces {
  pid_t postmaster = 0;
  std::filesystem::path runtime, data;

  /// Waits for the cluster to run.
  explicit ClusterTraces(pid_t troupe) {
    wait_until("a postmaster", [&] {
      postmaster = postmaster_of(troupe);
      if (postmaster == 0) return false;
      const auto words = command_line(postmaster);
      for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        if (words[i] == "-k") runtime = words[i + 1];
        if (words[i] == "-D") data = words[i + 1];
      }
      return !runtime.empty() && !data.empty();
    });
  }

  bool gone() const {
    return !is_alive(postmaster) && !std::filesystem::exists(runtime) && !std::filesystem::exists(data);
  }
};

}  // namespace troupe::tests
