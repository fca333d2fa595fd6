"""What the call's scripts say, in the reader's language; ``{name}`` places are filled there."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request

from remote_court import errors, tickets
from remote_court.calls import refusals
from remote_court.errors import Refusal
from remote_court.server.locale import N_, translate
from remote_court.video import refusals as video

TEXTS: Mapping[str, str] = {
    "extend_refused": N_("The talk cannot be extended that far."),
    "role_visitor": N_("Visitor"),
    "role_inmate": N_("Prisoner"),
    "role_supervisor": N_("Supervisor"),
    "role_interpreter": N_("Interpreter"),
    "role_presiding_judge": N_("Presiding judge"),
    "role_associate_judge": N_("Associate judge"),
    "role_clerk": N_("Court clerk"),
    "role_prosecutor": N_("Prosecutor"),
    "role_party": N_("Party"),
    "role_lawyer": N_("Lawyer"),
    "role_witness": N_("Witness"),
    "role_expert": N_("Expert"),
    "role_guard": N_("Escort guard"),
    "role_observer": N_("Observer"),
    "station_lobby": N_("You are in the waiting room. The court will call you in."),
    "station_witness_room": N_(
        "You wait alone until you are heard. Nobody sees or hears you, and you hear nobody."
    ),
    "station_held": N_("Thank you. Please stay until the court lets you go."),
    "station_chamber": N_(
        "You talk with the judge alone. Nobody else hears, and nothing is recorded."
    ),
    "station_aside": N_("You talk in private. Nobody else hears, and nothing is recorded."),
    "at_lobby": N_("Waiting room"),
    "at_witness_room": N_("Waits alone"),
    "at_held": N_("Heard, still held"),
    "at_chamber": N_("Alone with the judge"),
    "at_aside": N_("Private talk"),
    "at_room": N_("In the session"),
    "at_none": N_("Not here yet"),
    "bench_count": N_("{here} of the bench are here; {quorum} are needed"),
    "do_admit": N_("Call in"),
    "do_send_out": N_("Send out"),
    "do_release": N_("Let go"),
    "do_aside": N_("Private talk with {name}"),
    "do_chamber": N_("Ask alone"),
    "do_return": N_("Bring back"),
    "doors_open": N_("The session is public."),
    "doors_closed": N_("The session is closed to the public."),
    "you": N_("You"),
    "line_rate": N_("{kbps} kbit/s"),
    "line_ms": N_("{ms} ms"),
    "watching": N_("{name} – watching"),
    "camera_off": N_("Camera is off"),
    "camera_works": N_("Works ({width}×{height})"),
    "camera_none": N_(
        "No camera was found. Plug it in, then press “Try again”. You can also enter "
        "with sound only."
    ),
    "microphone_speak": N_("Say something, so that the bar moves."),
    "microphone_works": N_("Your voice was heard."),
    "microphone_none": N_("No microphone was found. Plug it in, then press “Try again”."),
    "denied": N_(
        "The browser does not allow it. Press the camera sign beside the address above, "
        "choose “Allow”, then press “Try again”."
    ),
    "busy": N_("Another program is using it. Close that program, then press “Try again”."),
    "insecure": N_(
        "The browser gives no camera here, because this address is not secure. Open the "
        "page by its https address."
    ),
    "speaker_playing": N_("Do you hear the sound?"),
    "speaker_works": N_("You heard the sound."),
    "speaker_fails": N_("Turn the volume up or plug the speaker in, then play it again."),
    "network_testing": N_("Testing…"),
    "network_good": N_("The connection is good."),
    "network_slow": N_(
        "The connection is slow. Close other programs and pages; the talk may go on with "
        "sound only."
    ),
    "network_none": N_(
        "The talk cannot be reached. Check the cable or the wireless network, then press "
        "“Try again”."
    ),
    "opens_at": N_("The entrance opens at {time}."),
    "entering": N_("Entering…"),
    "try_again_soon": N_("We try again by ourselves every few seconds."),
    "unreachable": N_("The server cannot be reached. Check the network and press again."),
    "starts_at": N_("The talk starts at {time}."),
    "waiting_for": N_("Waiting for: {roles}"),
    "waiting": N_("Waiting for the others."),
    "paused": N_("The supervisor has paused the talk: {reason}"),
    "recorded": N_("This conversation is being recorded."),
    "recording_failing": N_(
        "This conversation is to be recorded, but the recording has stopped. The operator knows."
    ),
    "live": N_("The talk has begun."),
    "resumed": N_("The talk goes on."),
    "minutes_left": N_("{minutes} minutes until the talk ends"),
    "one_minute_left": N_("One minute until the talk ends"),
    "extended": N_("The talk now ends at {time}."),
    "reconnecting": N_("The connection was lost. We are bringing you back…"),
    "reconnected": N_("You are back."),
    "audio_only_loss": N_(
        "The line loses too much: you get sound without picture until it is better."
    ),
    "audio_only_bandwidth": N_(
        "The line is too slow for pictures: you get sound only until it is better."
    ),
    "audio_only_asked": N_("Pictures are off. You get sound only."),
    "pictures_again": N_("Pictures are back."),
    "withheld_loss": N_("The line loses too much for this picture."),
    "withheld_bandwidth": N_("The line is too slow for this picture."),
    "withheld_asked": N_("Pictures are off."),
    "withheld_away": N_("Connecting …"),
    "withheld_codec": N_("This device cannot show the pictures that the other one sends."),
    "screen_of": N_("Shared document"),
    "screen_shared": N_("The others see what you share."),
    "screen_denied": N_(
        "Nothing is shared. Press “Share a document” again, choose a window, then press “Share”. "
        "If the browser does not ask, allow it to record the screen in the settings of this "
        "computer."
    ),
    "screen_none": N_(
        "This computer gives no picture of its screen. Close other programs that share it, then "
        "press “Share a document” again."
    ),
    "silenced": N_("Your microphone was switched off. Nobody hears you until it is on again."),
    "unsilenced": N_("Your microphone was switched on again."),
    "quality_good": N_("Good connection"),
    "quality_fair": N_("Fair connection"),
    "quality_poor": N_("Poor connection"),
    "help_called": N_("Help was called. You can also dial {number}."),
    "help_wanted": N_("{name} asks for help."),
    "sound_blocked": N_("The browser holds the sound back. Press “Turn the sound on”."),
    "closed_time_title": N_("The time of the talk is over"),
    "closed_time": N_("The talk has ended at its time. You may leave the room now."),
    "closed_ended_title": N_("The supervisor has ended the talk"),
    "closed_ended": N_("The reason stated: {reason}"),
    "closed_called_off_title": N_("This visit was cancelled, moved or missed"),
    "closed_called_off": N_("Look at your visits, or ask at the desk."),
    "closed_rights_ended_title": N_("The talk has ended"),
    "closed_rights_ended": N_("The right to this visit has ended. Please ask at the desk."),
    "closed_left_title": N_("You have left the talk"),
    "closed_left": N_("As long as it runs you can come back."),
    "closed_displaced_title": N_("You have entered from another device"),
    "closed_displaced": N_("The talk goes on there. To have it here, enter again."),
    "closed_expelled_title": N_("You are not in the talk any more"),
    "closed_expelled": N_("The right to take part was withdrawn. Please ask at the desk."),
    "closed_refused_title": N_("You could not enter"),
    "closed_refused": N_("Press “Enter again”; if it happens once more, ask at the desk."),
}


PROBLEMS: tuple[type[Refusal], ...] = (
    errors.Forbidden,
    errors.NotFound,
    errors.WrongState,
    refusals.CallElsewhere,
    refusals.CallOver,
    refusals.CallNotPlanned,
    refusals.ReasonNeeded,
    tickets.TicketRevoked,
    refusals.AlreadyRecorded,
    refusals.NotRecorded,
    refusals.RecordingNotSetUp,
    video.CallClosed,
    video.NoCommonCodec,
    video.RoleUnknown,
    video.RoomFull,
    video.TooManyEntries,
    video.TooManyMessages,
)
"""What signalling may refuse with; its own words are English keys."""


def texts(request: Request) -> dict[str, str]:
    """All of them, said in the reader's language; refusals as ``problem_<code>``."""
    said = {key: translate(request, message) for key, message in TEXTS.items()}
    refused = {f"problem_{kind.code}": translate(request, kind().message) for kind in PROBLEMS}
    return said | refused
