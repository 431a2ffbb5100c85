#pragma once

#include "http/server/router.hpp"
#include "http/server/server_context.hpp"

// One operation of the API per source file of this folder: `begin_…` reads the request, `finish_…` writes the
// answer, `refused_…` tells what the database did not take.

namespace troupe::http {

Step begin_create_rows(Exchange& exchange, const ServerContext& context);
Response finish_create_rows(Exchange& exchange, const actors::Outcome& outcome);

Step begin_list_rows(Exchange& exchange, const ServerContext& context);
Response finish_list_rows(Exchange& exchange, const actors::Outcome& outcome);
Problem refused_list(const Exchange& exchange, const actors::Failure& failure);

Step begin_read_row(Exchange& exchange, const ServerContext& context);
Response finish_read_row(Exchange& exchange, const actors::Outcome& outcome);
Problem refused_read_of_row(const Exchange& exchange, const actors::Failure& failure);

Step begin_replace_row(Exchange& exchange, const ServerContext& context);
Response finish_replace_row(Exchange& exchange, const actors::Outcome& outcome);
Problem refused_replacement(const Exchange& exchange, const actors::Failure& failure);

Step begin_change_row(Exchange& exchange, const ServerContext& context);
Response finish_change_row(Exchange& exchange, const actors::Outcome& outcome);
/// Of every write that is no replacement.
Problem refused_change(const Exchange& exchange, const actors::Failure& failure);

Step begin_remove_row(Exchange& exchange, const ServerContext& context);
Response finish_remove_row(Exchange& exchange, const actors::Outcome& outcome);

/// Of a query that only reads: its parameters are the query string's.
Step begin_call_query(Exchange& exchange, const ServerContext& context);
/// Of one that may write: they are the body's.
Step begin_call_writing_query(Exchange& exchange, const ServerContext& context);
Response finish_call_query(Exchange& exchange, const actors::Outcome& outcome);
Problem refused_call(const Exchange& exchange, const actors::Failure& failure);

Step begin_health_live(Exchange& exchange, const ServerContext& context);
Step begin_health_ready(Exchange& exchange, const ServerContext& context);
Step begin_metrics(Exchange& exchange, const ServerContext& context);
/// Answers with the endpoint's document, which is JSON.
Step begin_document(Exchange& exchange, const ServerContext& context);
/// Answers with the page that shows the document.
Step begin_docs(Exchange& exchange, const ServerContext& context);
/// Answers with what there is.
Step begin_index(Exchange& exchange, const ServerContext& context);
/// For a browser: the form that takes a key, what it sends, and the end of that. Only where there are rules.
Step begin_login_form(Exchange& exchange, const ServerContext& context);
Step begin_login(Exchange& exchange, const ServerContext& context);
Step begin_logout(Exchange& exchange, const ServerContext& context);
/// Answer with what pages refer to.
Step begin_script(Exchange& exchange, const ServerContext& context);
Step begin_style(Exchange& exchange, const ServerContext& context);
Step begin_docs_script(Exchange& exchange, const ServerContext& context);
Step begin_docs_style(Exchange& exchange, const ServerContext& context);

}  // namespace troupe::http
