#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "http/api/endpoints/endpoints.hpp"

namespace troupe::http {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

MetricFamily family(std::string name, std::string help, MetricType type) {
  return {std::move(name), std::move(help), type, {}};
}

ClientMetric value(MetricType type, Labels labels, double number) {
  ClientMetric metric;
  metric.label = std::move(labels);
  (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = number;
  return metric;
}

std::uint64_t sum(const ServerContext& context, auto read) {
  std::uint64_t total = 0;
  for (const auto& stats : context.stats) total += read(*stats).load(std::memory_order_relaxed);
  return total;
}

/// The routes that have a place in the statistics, by place and with what is counted beside them.
std::vector<std::pair<std::size_t, std::string>> counted_routes(const ServerContext& context) {
  std::vector<std::pair<std::size_t, std::string>> routes;
  for (auto& name : context.routes.names()) routes.emplace_back(routes.size(), std::move(name));
  routes.emplace_back(HttpStats::place_of_others, "other");
  routes.emplace_back(HttpStats::place_of_none, "none");
  return routes;
}

MetricFamily requests(const ServerContext& context) {
  auto metrics =
      family("troupe_http_requests_total", "Answered requests by route and status.", MetricType::Counter);
  for (const auto& [place, name] : counted_routes(context)) {
    const auto route = place;
    for (std::size_t status = 0; status < HttpStats::statuses.size(); ++status) {
      const auto total = sum(
          context, [&](const HttpStats& s) -> auto& { return s.route(route).by_status[status]; });
      if (total == 0) continue;
      metrics.metric.push_back(value(
          MetricType::Counter, {{"route", name}, {"status", std::to_string(HttpStats::statuses[status])}},
          static_cast<double>(total)));
    }
  }
  return metrics;
}

MetricFamily latencies(const ServerContext& context) {
  auto metrics = family("troupe_http_request_duration_seconds", "From a request's first byte to its answer.",
                        MetricType::Histogram);
  for (const auto& [place, name] : counted_routes(context)) {
    const auto route = place;
    ClientMetric metric;
    metric.label = {{"route", name}};
    std::uint64_t cumulative = 0;
    for (std::size_t bucket = 0; bucket <= HttpStats::bounds.size(); ++bucket) {
      cumulative += sum(
          context, [&](const HttpStats& s) -> auto& { return s.route(route).by_latency[bucket]; });
      const bool last = bucket == HttpStats::bounds.size();
      const double bound = last ? std::numeric_limits<double>::infinity()
                                : std::chrono::duration<double>(HttpStats::bounds[bucket]).count();
      metric.histogram.bucket.push_back({cumulative, bound});
    }
    if (cumulative == 0) continue;
    metric.histogram.sample_count = cumulative;
    metric.histogram.sample_sum =
        static_cast<double>(sum(
            context, [&](const HttpStats& s) -> auto& { return s.route(route).latency_us; })) /
        1e6;
    metrics.metric.push_back(std::move(metric));
  }
  return metrics;
}

struct DatabaseMetric {
  const char* name;
  const char* help;
  MetricType type;
  double (*read)(const actors::DatabaseActorStats& stats);
};

const DatabaseMetric database_metrics[] = {
    {"troupe_database_ready", "1 when the actor's connection works.", MetricType::Gauge,
     [](const auto& s) { return s.ready ? 1.0 : 0.0; }},
    {"troupe_database_queue", "Commands given to the actor and not yet answered.", MetricType::Gauge,
     [](const auto& s) { return static_cast<double>(s.outstanding); }},
    {"troupe_database_in_flight", "Statements sent and not yet answered.", MetricType::Gauge,
     [](const auto& s) { return static_cast<double>(s.in_flight); }},
    {"troupe_database_statements_total", "Statements sent.", MetricType::Counter,
     [](const auto& s) { return static_cast<double>(s.batches); }},
    {"troupe_database_commands_total", "Commands sent; divided by statements: the batch size.",
     MetricType::Counter, [](const auto& s) { return static_cast<double>(s.rows); }},
    {"troupe_database_batch_size_mean", "Mean commands per statement since the start.", MetricType::Gauge,
     [](const auto& s) {
       return s.batches == 0 ? 0.0 : static_cast<double>(s.rows) / static_cast<double>(s.batches);
     }},
    {"troupe_database_wait_seconds_total", "Time commands spent between submission and sending.",
     MetricType::Counter, [](const auto& s) { return static_cast<double>(s.wait_us) / 1e6; }},
    {"troupe_database_reconnects_total", "Connections lost.", MetricType::Counter,
     [](const auto& s) { return static_cast<double>(s.reconnects); }},
};

void add_database(std::vector<MetricFamily>& families, const actors::DatabasePool& pool) {
  for (const auto& metric : database_metrics) {
    auto metrics = family(metric.name, metric.help, metric.type);
    for (std::size_t actor = 0; actor < pool.members().size(); ++actor) {
      metrics.metric.push_back(
          value(metric.type, {{"actor", std::to_string(actor)}}, metric.read(*pool.members()[actor].stats)));
    }
    families.push_back(std::move(metrics));
  }
}

/// What decides on the lanes; see docs/explanation/lanes.md.
void add_lanes(std::vector<MetricFamily>& families, const actors::DatabasePool& pool) {
  const auto& state = pool.rules().state;
  if (!pool.rules().lanes || state == nullptr) return;
  const auto add = [&](const char* name, const char* help, double number) {
    families.push_back(family(name, help, MetricType::Gauge));
    families.back().metric.push_back(value(MetricType::Gauge, {}, number));
  };
  const auto commit = static_cast<double>(state->commit_ns) / 1e9;
  const auto gathering = static_cast<double>(state->gathering_ns) / 1e9;
  add("troupe_database_commit_seconds", "What a commit takes beside its rows; 0: not measured yet.", commit);
  add("troupe_database_gathering_seconds",
      "How long writes wait at most now for others to share their commit.", gathering);
  add("troupe_database_gathering_share", "The part of a commit that this is.",
      commit > 0 ? gathering / commit : 0);
  add("troupe_database_write_lanes", "Connections that writes are packed on; 0: each worker's own.",
      static_cast<double>(state->writes));
}

/// What [limits] refused, and whom the listener closed for others.
void add_limits(std::vector<MetricFamily>& families, const ServerContext& context) {
  auto limited = family("troupe_http_limited_total", "What was refused for a limit of one client or key.",
                        MetricType::Counter);
  for (std::size_t i = 0; i < limit_names.size(); ++i) {
    limited.metric.push_back(value(MetricType::Counter, {{"limit", std::string(limit_names[i])}},
                                   static_cast<double>(context.limits->refusals(static_cast<Limit>(i)))));
  }
  families.push_back(std::move(limited));
  auto evicted = family("troupe_http_evicted_total", "Idle connections that were closed to make room.",
                        MetricType::Counter);
  evicted.metric.push_back(value(MetricType::Counter, {}, static_cast<double>(context.evicted)));
  families.push_back(std::move(evicted));
}

/// 1 for each query whose waiting calls share a statement, and why those of the others do not.
MetricFamily coalesced(const ServerContext& context) {
  auto metrics = family("troupe_query_coalesced", "1 when calls that wait together are one statement.",
                        MetricType::Gauge);
  for (const auto& endpoint : context.routes.current()->endpoints()) {
    if (endpoint.query == nullptr) continue;
    const auto& query = endpoint.query->query;
    metrics.metric.push_back(value(MetricType::Gauge, {{"query", query.name}, {"why_not", query.why_not}},
                                   query.coalesced ? 1 : 0));
  }
  return metrics;
}

void add_tls(std::vector<MetricFamily>& families, const ServerTls& tls) {
  const auto counts = tls.counts();
  auto handshakes =
      family("troupe_tls_handshakes_total", "Clients that came by TLS, or tried to.", MetricType::Counter);
  const std::pair<const char*, std::uint64_t> kinds[] = {
      {"full", counts.full}, {"resumed", counts.resumed}, {"failed", counts.failed}};
  for (const auto& [kind, count] : kinds)
    handshakes.metric.push_back(value(MetricType::Counter, {{"kind", kind}}, static_cast<double>(count)));
  families.push_back(std::move(handshakes));
  families.push_back(family("troupe_tls_certificate_end_seconds",
                            "When the certificate ends, in seconds since 1970.", MetricType::Gauge));
  const auto ends = std::chrono::duration<double>(tls.ends().time_since_epoch()).count();
  families.back().metric.push_back(value(MetricType::Gauge, {}, ends));
}

}  // namespace

Step begin_metrics(Exchange&, const ServerContext& asked) {
  const auto& context = asked.subject();
  auto connections = family("troupe_http_connections", "Open client connections.", MetricType::Gauge);
  connections.metric.push_back(value(MetricType::Gauge, {}, static_cast<double>(context.connections)));
  auto refusals = family("troupe_http_memory_refusals_total",
                         "Clients for whom there was no memory (server.memory_limit).", MetricType::Counter);
  refusals.metric.push_back(value(MetricType::Counter, {}, static_cast<double>(context.memory.refusals())));
  std::vector<MetricFamily> families{requests(context), latencies(context), std::move(connections),
                                     std::move(refusals)};
  add_limits(families, context);
  if (context.access_log) {
    families.push_back(family("troupe_access_log_dropped_total",
                              "Lines of the access log that found no room (access_log.buffer).",
                              MetricType::Counter));
    families.back().metric.push_back(
        value(MetricType::Counter, {}, static_cast<double>(context.access_log->dropped())));
  }
  if (auto queries = coalesced(context); !queries.metric.empty()) families.push_back(std::move(queries));
  add_database(families, *context.pool);
  add_lanes(families, *context.pool);
  if (context.tls) add_tls(families, *context.tls);
  return Response{
      200, "text/plain; version=0.0.4; charset=utf-8", {}, prometheus::TextSerializer().Serialize(families)};
}

}  // namespace troupe::http
