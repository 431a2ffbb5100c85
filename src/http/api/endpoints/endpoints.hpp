#pragma once

#include "http/server/router.hpp"
#include "http/server/server_context.hpp"

// One operation of the API per source file of this folder: `begin_…` reads the request, `finish_…` writes the
// answer.

namespace troupe::http {

Step begin_create_item(Exchange& exchange, const ServerContext& context);
Response finish_create_item(Exchange& exchange, const actors::Outcome& outcome);

Step begin_list_items(Exchange& exchange, const ServerContext& context);
Response finish_list_items(Exchange& exchange, const actors::Outcome& outcome);

Step begin_get_item(Exchange& exchange, const ServerContext& context);
Step begin_replace_item(Exchange& exchange, const ServerContext& context);
Step begin_change_item(Exchange& exchange, const ServerContext& context);
Step begin_delete_item(Exchange& exchange, const ServerContext& context);
Response finish_delete_item(Exchange& exchange, const actors::Outcome& outcome);
/// The answer of GET, PUT and PATCH: the item, or 404.
Response finish_with_item(Exchange& exchange, const actors::Outcome& outcome);

Step begin_health_live(Exchange& exchange, const ServerContext& context);
Step begin_health_ready(Exchange& exchange, const ServerContext& context);
Response finish_health_ready(Exchange& exchange, const actors::Outcome& outcome);
Step begin_metrics(Exchange& exchange, const ServerContext& context);
Step begin_openapi(Exchange& exchange, const ServerContext& context);

}  // namespace troupe::http
