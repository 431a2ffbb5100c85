#include "world/run/report.hpp"

#include <boost/json.hpp>

namespace troupe::world {

namespace json = boost::json;

std::string to_json(const WorldReport& report) {
  return json::serialize(json::object{{"seed", report.seed},
                                      {"faults", json::value_from(report.faults)},
                                      {"answers", json::value_from(report.answers)},
                                      {"requests", report.requests},
                                      {"commits", report.commits},
                                      {"seconds", report.seconds},
                                      {"digest", report.digest},
                                      {"wrong", json::value_from(report.wrong)}});
}

WorldReport report_of_json(const std::string& text) {
  const auto value = json::parse(text);
  const auto get = [&]<class T>(const char* name, T& to) { to = json::value_to<T>(value.at(name)); };
  WorldReport report;
  get("seed", report.seed);
  get("faults", report.faults);
  get("answers", report.answers);
  get("requests", report.requests);
  get("commits", report.commits);
  get("seconds", report.seconds);
  get("digest", report.digest);
  get("wrong", report.wrong);
  return report;
}

}  // namespace troupe::world
