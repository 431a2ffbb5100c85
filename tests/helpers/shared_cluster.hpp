#pragma once

#include <string>

#include "postgres/cluster/embedded_cluster.hpp"

namespace troupe::tests {

/// The one embedded cluster of this test process: started by the first test that asks, stopped when the
/// process ends. Tests that kill or stop the server start one of their own.
postgres::EmbeddedCluster& shared_cluster();

/// A new, empty database in the shared cluster; returns its connection string.
std::string fresh_database();

}  // namespace troupe::tests
