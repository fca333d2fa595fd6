"""The statuses of what service of process refuses."""

from collections.abc import Mapping

from remote_court.errors import Refusal
from remote_court.notices import enter_outage, rebut, serve_on_paper, webhooks
from remote_court.server.notices import receipts_api

STATUS: Mapping[type[Refusal], int] = {
    serve_on_paper.AlreadyServed: 409,
    serve_on_paper.Overtaken: 409,
    serve_on_paper.PaperMissing: 422,
    serve_on_paper.NotThen: 422,
    rebut.NotServedHere: 409,
    rebut.AlreadyRebutted: 409,
    rebut.AlreadyDecided: 409,
    rebut.NothingSaid: 422,
    enter_outage.WrongSpan: 422,
    enter_outage.ReasonNeeded: 422,
    receipts_api.NotSigned: 401,
    webhooks.BadAddress: 422,
    webhooks.BadSecret: 422,
    webhooks.BadEvent: 422,
    webhooks.TooManyWebhooks: 409,
}
