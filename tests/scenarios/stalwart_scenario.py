"""The life of a Stalwart 0.15 from its first domain to its last, call by call.

No real server gave these results: they are told from its source, and a mock has to give them to both kinds of client.
"""

from __future__ import annotations

import stalwart_directory_steps as directory
import stalwart_server_steps as server
import stalwart_service_steps as service
from stalwart_steps import Cast, Steps


def life(cast: Cast) -> Steps:
    """Makes all steps, one after the other; later ones rely on earlier ones."""
    yield from server.trouble_steps(cast)
    yield from directory.domain_steps(cast)
    yield from directory.people_steps(cast)
    yield from directory.change_steps(cast)
    yield from directory.tenant_steps(cast)
    yield from directory.key_steps(cast)
    yield from server.dkim_and_dns_steps(cast)
    yield from server.queue_steps(cast)
    yield from server.report_steps(cast)
    yield from server.setting_steps(cast)
    yield from server.reload_steps(cast)
    yield from server.store_steps(cast)
    yield from service.spam_steps(cast)
    yield from service.telemetry_steps(cast)
    yield from service.troubleshoot_steps(cast)
    yield from service.account_steps(cast)
    yield from service.oauth_steps(cast)
    yield from directory.leaving_steps(cast)
