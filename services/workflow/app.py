"""The workflow service's HTTP face: health, and the codec server for the Temporal UI.

Histories are encrypted. The UI's own browser page posts payloads to `/codec/decode` and shows
what comes back. On one machine (embedded default) the page needs no key; everywhere else it must
show the staff key, for what it asks for is personal data.
"""

from collections.abc import Mapping

from fastapi import Depends, FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from google.protobuf import json_format
from temporalio.api.common.v1 import Payloads
from temporalio.client import Client

from services.shared.encryption import EncryptionCodec, KeyRing
from services.shared.errors import TryLater, Unreadable
from services.shared.web import Check, install, staff_only
from services.workflow.settings import WorkflowSettings

MAX_PAYLOADS_BYTES = 8 * 1024 * 1024
"""The UI asks for all payloads of a page of history at once, long letters among them."""


def create_app(settings: WorkflowSettings, client: Client) -> FastAPI:
    """Returns the app. `client` is only asked whether the server is there."""
    app = FastAPI(title="Putright workflow", docs_url=None, redoc_url=None, openapi_url=None)

    async def temporal() -> None:
        if not await client.service_client.check_health():
            raise TryLater("engine-away", "Temporal does not answer.")

    checks: Mapping[str, Check] = {"temporal": temporal}
    install(app, checks, max_body_bytes=MAX_PAYLOADS_BYTES)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=[settings.ui_origin, settings.ui_origin.replace("127.0.0.1", "localhost")],
        allow_methods=["POST"],
        allow_headers=["content-type", "x-namespace", "authorization"],
        allow_credentials=True,
    )
    codec = EncryptionCodec(KeyRing(settings.payload_keys.get_secret_value()))
    guard = (
        [] if settings.environment == "embedded" else [Depends(staff_only(settings.staff_key_hash))]
    )

    @app.post("/codec/decode", dependencies=guard)
    async def decode(request: Request) -> Response:
        try:
            sealed = json_format.Parse(await request.body(), Payloads())
            opened = await codec.decode(sealed.payloads)
        except (json_format.ParseError, ValueError, KeyError) as error:
            raise Unreadable("undecodable", "These payloads are not of this key ring.") from error
        return Response(
            json_format.MessageToJson(Payloads(payloads=opened)), media_type="application/json"
        )

    return app
