"""How mail servers and robots put what they have to say, where no delivery status says it."""

import re

DAEMON = re.compile(
    r"(?i)mailer-daemon|postmaster|mail delivery (?:sub)?system|microsoftexchange|\bmdaemon\b"
)
"""Who a mail server writes as."""

REFUSED_FOR_GOOD = re.compile(
    r"(?i)\b5\d\d[ -]#?5\.\d{1,3}\.\d{1,3}\b|[#(]5\.\d{1,3}\.\d{1,3}\b"
    r"|\b55[0-4][ -][^\n]{0,80}(?:user|mailbox|recipient|address|account|reject|denied|unknown)"
    r"|this is a permanent error|permanent fatal error|permanently rejected"
)
"""What servers say of a mail that they have given up."""

STILL_TRYING = re.compile(
    r"(?i)will (?:keep|continue) (?:trying|to (?:try|be retried))|still (?:trying|being retried)"
    r"|delivery attempts will continue|no action is required on your part"
    r"|warning message only|you do not need to resend|(?:has|have) not (?:yet )?been delivered"
    r"|has been delayed"
)
"""What servers say of a mail that waits."""

SUBJECT_GIVEN_UP = re.compile(
    r"(?i)undeliver(?:able|ed)|delivery (?:has )?fail(?:ed|ure)|failure notice|returned mail"
    r"|delivery status notification \(failure\)|could ?n(?:o|')t be delivered|not delivered"
    r"|unzustellbar|non remis|onbestelbaar"
)
"""How a subject says that a mail was given up."""

SUBJECT_WAITS = re.compile(r"(?i)delay|\bwarning\b|still being retried|not yet delivered")
"""How a subject says that a mail waits."""

SUBJECT_OF_A_ROBOT = re.compile(
    r"(?i)^(?:(?:re|aw|sv|fwd?)\s?:\s?|\[[^\]]{1,40}\]\s?){0,5}"
    r"(?:automatic reply|auto(?:matic)?[ -]?(?:reply|response)"
    r"|ateb awtomatig|réponse automatique|automatische antwort|abwesenheit"
    r"|away from (?:my|the) |on (?:annual )?leave|out[ -]of[ -](?:the[ -])?office"
    r"|(?:i am |i['’]m |we are |[\w .'’-]{1,60} is )?(?:currently |now )?"
    r"(?:away|out[ -]of[ -](?:the[ -])?office|on (?:annual )?leave)"
    r"(?= (?:until|till|this)\b| (?:from|on|for) \d|\s?(?:[:.!–—-]|$)))"
)
"""How the subject of an automatic reply begins; "away" counts only where it says how long, or
stands by itself: people write of having been away."""
