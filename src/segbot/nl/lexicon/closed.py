"""The closed classes of English: words whose meaning is the same in every company.

Each table maps a category of the grammar to its phrases. A word is filler only when it stands in one of the tables below:
nothing is ever skipped because nothing else fitted.
"""

# ruff: noqa: E501, SIM905 (tables of words read best one class to a line)

from __future__ import annotations

from segbot.nl.inflect import verb_forms

ABBREVIATIONS = {"w/": "with", "w/o": "without", "b/c": "because"}

CONTRACTED_IS = frozenset(
    {"who", "that", "it", "there", "he", "she", "what", "where", "which", "let", "here", "how", "everyone", "one"}
)

# written without the apostrophe: first word, second word, where it is cut
SHORT_CONTRACTIONS: dict[str, tuple[str, str, int]] = {
    **{
        f"{verb}nt": (verb, "not", len(verb))
        for verb in (
            "do",
            "did",
            "does",
            "have",
            "has",
            "had",
            "is",
            "are",
            "was",
            "were",
            "would",
            "should",
            "could",
            "need",
        )
    },
    "havnt": ("have", "not", 3),
    "hasent": ("has", "not", 3),
    "dosnt": ("does", "not", 3),
    "dosent": ("does", "not", 3),
    "didint": ("did", "not", 3),
    "cant": ("can", "not", 2),
    "cannot": ("can", "not", 3),
    "wont": ("will", "not", 2),
    "aint": ("are", "not", 2),
    "whos": ("who", "is", 3),
    "whove": ("who", "have", 3),
    "theyre": ("they", "are", 4),
}

GLUE = frozenset(
    # articles and determiners
    "a an the our their his her its my your some any such these this "
    # auxiliaries and copulas
    "am is are was were be been being do does did have has had having will would can could may might shall should must "
    # pronouns that stand for the people asked for
    "they he she we i us you u there "
    # adverbs that add nothing
    "also already actually really currently ever even still yet now so far just simply both of "
    "pair pairs additionally furthermore moreover too".split()
)
"""Words that may stand anywhere, also inside another phrase, and add nothing."""

FILLER_PHRASES = (
    "please", "any age", "of any age", "all ages", "any gender", "thanks a lot", "many thanks", "thanks so much", "thank you so much", "thank you very much", "thanks in advance", "hiya", "howdy", "could u", "can u", "pls", "in all of", "plz", "thanks", "thank you", "thx", "ty", "cheers", "hi", "hello", "hey", "hi there", "hey there",
    "show", "show me", "show us", "give me", "give us", "get", "get me", "find", "find me", "find us", "list", "pull", "pull up",
    "fetch", "select", "identify", "search for", "look for", "looking for", "look up", "i want", "i would like", "i need", "i am looking for",
    "we want", "we need", "want to see", "would like to see", "want", "need", "want to", "need to", "would like", "like to",
    "see", "target", "targeting", "reach", "reach out to", "segment of", "a segment of", "segment for", "segment with", "build me",
    "build", "create", "make me", "make a segment of", "make a list of", "create a segment of", "build a segment of", "list of",
    "audience of", "an audience of", "audience", "the audience", "a group of", "group of", "the number of", "number of",
    "count", "count of", "how many", "how many of", "tell me", "can you", "could you", "would you", "what is", "what are",
     "are there", "do we have", "we have", "do i have", "in our database", "in the database", "in our list", "on our list",
    "let us", "go", "ok so", "okay", "so", "well", "um", "uh", "basically", "specifically", "i mean", "you know", "kind of",
    "currently", "right now", "at the moment", "at present", "to date", "as well", "in total", "total", "overall", "altogether",
    "all time", "of all time", "in their lifetime", "at any time", "at any point", "at some point", "before now", "until now", "so far",
    "from us", "with us", "to us", "our", "for us", "from our store", "from our shop", "in our store", "in our shop", "on our site",
    "on our website", "of ours", "we sent", "we sent them", "that we sent", "sent to them", "sent by us", "you have", "have you got",
    "at all", "segment :", "segment for :", "audience :", "list :", "target group", "target group :", "target audience", "target :", "cohort", "cohort of", "cohort :", "query :", "request :", "want list", "anything", "something", "stuff", "things", "items", "item", "thing", "somewhere", "themselves",
    "is it possible to", "i'd", "we'd", "just", "only those", "of them", "among them", "a total of", "if you can",
    "if possible", "when you can", "asap", "good morning", "good afternoon", "dear team", "hello team", "dear all", "and thank you", "and thanks", "morning", "afternoon", "evening", "i would need", "we are planning", "dear segbot", "segbot", "team", "folks at", "all of",
    "all of our", "all of the", "set of", "the set of", "type of", "kind", "to", "for me", "for a campaign", "for our campaign",
    "sorry to bother you again", "sorry to bother you", "sorry to bug you", "sorry to bother", "sorry", "would you mind pulling", "would you mind sending me",
    "would you mind sending", "would you mind giving me", "would you mind checking", "would you mind", "do you mind pulling", "could i have", "can i have", "may i have", "could i get",
    "can i get", "could we have", "can we have", "can we get", "kindly provide", "kindly send", "kindly", "provide me with", "provide", "provide us with", "that fulfil", "which fulfil", "who fulfil",
    "who fulfill", "which fulfill", "that fulfill", "that meet the following", "meeting the following criteria", "with the following criteria", "the following criteria", "the following conditions", "criteria :", "conditions :", "filters :", "filter :",
    "ta", "can you check", "could you check", "please check", "can you tell me", "quick one", "quick question", "quick request", "quick ask", "when you get a chance", "when you have a minute",
    "when you have a moment", "if you have a minute", "if you have a sec", "whenever you can", "whenever you get a chance", "send me", "send us", "share", "share with me", "export", "grab", "grab me", "dig up",
    "help me find", "help me", "help us find", "i am after", "we are after", "i am trying to find", "we are trying to find", "i am hoping to find", "i am hoping to get", "run a query for", "run me", "put together", "put together a list of", "need list", "a list with", "list with",
    "who :", "where :", "behaviour :", "behavior :", "include :", "must have :", "must be :", "target =", "segment =", "audience =", "target group =", "query =", "ok", "have we got", "we have got", "have got", "do we have in our database", "we have in our database",
    "i was wondering if you could", "i was wondering", "would it be possible to", "is there a way to", "any chance you could", "any chance", "i would love", "i would love to see", "much appreciated", "appreciated", "if that is ok", "if that is okay",
    "hope you are well", "hope you are doing well", "hope all is well", "hope this finds you well", "as discussed", "as promised", "thanks in advance for your help", "for your help", "let me know if you have questions",
    "let me know if you have any questions", "let me know", "yo", "lol", "sent from my iphone", "just following up", "following up", "i am looking at", "we are looking at", "if it is not too much trouble",
    "all told", "all in all", "that makes sense", "that make sense", "this makes sense", "putting together", "what about", "how about", "let us say", "so to speak", "for the campaign", "for our newsletter", "for the newsletter", "any of", "either of",  "it is", "as of today", "as of now",
)  # fmt: skip
"""Courtesy and framing: dropped where nothing else claims the words."""

EMOJI_FILLER = frozenset("🙏👍😊🙂😀😃😄😁😉😅🤗👋✨🎉🙌💪🔥❤👏😎🤔😇🥳💯✅👌🫶💖🚀🤞😍🤩🎯📣📊📈👀")
SHORTCODE_FILLER = frozenset(
    [
        "pray",
        "thumbsup",
        "+1",
        "blush",
        "slightly_smiling_face",
        "smile",
        "grinning",
        "wink",
        "wave",
        "sparkles",
        "tada",
        "raised_hands",
        "muscle",
        "fire",
        "heart",
        "clap",
        "sunglasses",
        "thinking_face",
        "100",
        "white_check_mark",
        "ok_hand",
        "rocket",
        "eyes",
        "smiley",
        "joy",
        "grin",
        "relaxed",
        "bow",
        "chart_with_upwards_trend",
    ]
)

OPERATORS: dict[str, tuple[str, ...]] = {
    "AND": ("and", "&", "&&", "plus", "as well as", "and also", "along with", "together with", "and then also", "in addition", "and again", "and then again"),
    "OR": ("or", "|", "||", "or else", "and/or", "or also", "and or"),
    "BUT": ("but", "however", "though", "although", "whereas", "and yet", "yet", "but also", "but then", "except that they", "while"),
    "COMMA": (",", "•", "–", "*"),
    "STOP": (";", ".", "?", "!", ":"),
    "SLASH": ("/",),
    "DASH": ("-",),
    "OPEN": ("(", "["),
    "CLOSE": (")", "]"),
    "NOT": ("not", "outside", "outside of", "non", "no longer", "are not", "is not", "never been"),
    "NEVER": ("never", "yet to", "have yet to", "has yet to", "had yet to", "still to", "have still to", "has still to", "never ever", "not once", "not ever", "not even once"),
    "NO": ("no", "without", "without any", "lacking", "lack", "lacks", "zero", "none of", "without a single", "with no", "with zero", "have no",
           "has no", "not a single", "not any", "no single", "with out", "minus any"),
    "EXCEPT": (
        "except", "excluding", "exclude", "excludes", "except for", "except those", "other than", "apart from", "aside from",
        "besides", "minus", "leaving out", "leave out", "omit", "omitting", "all but", "everyone but", "everybody but",
        "anyone but", "not including", "not counting", "do not want", "do not include", "do not count", "filter out",
        "take out", "remove", "removing", "less those", "with the exception of", "but exclude", "but excluding", "and exclude", "and excluding",
        "but leave out", "but not including", "but remove", "i do not want", "we do not want", "ignore", "ignoring", "skip", "skipping",
    ),
    "UNLESS": ("unless",),
    "EITHER": ("either",),
    "NEITHER": ("neither",),
    "NOR": ("nor", "and neither"),
    "REL": ("who", "that", "which", "where", "having", "who also", "that also", "whom", "with", "whose", "and who", "but who"),
    "THEN": ("then", "and then", "and later", "followed by", "before then", "and afterwards", "and subsequently"),
    "NONE": ("none", "nothing", "none of them", "nobody"),
    "ONLY": ("only", "exclusively", "solely", "nothing but"),
}  # fmt: skip

NOUNS = (
    "people", "person", "persons", "everyone", "everybody", "anyone", "anybody", "someone", "somebody", "users", "user", "folks",
    "folk", "individuals", "individual", "profiles", "profile", "contacts", "contact", "those", "ones", "consumers", "consumer",
    "ppl", "all", "all people", "all of them", "humans", "the public", "population", "accounts holders", "clients", "client", "members of the public",
    "all customers", "every customer", "all users", "whole base", "entire base", "whole list", "entire list", "whole database", "everyone in the database",
    "every person", "each person", "whoever", "residents", "resident", "recipients", "households",
)  # fmt: skip
"""Words for everyone in the base, besides the catalog's own."""

WORDS: dict[str, tuple[str, ...]] = {
    # comparing
    "GT": ("over", "above", "more than", "greater than", "more as", "higher as", "bigger than", "higher than", "larger than", "exceeding", "exceeds", "exceed",
           "exceeded", "north of", "in excess of", "upwards of", "beyond", "past", ">", "longer than", "better than"),
    "GE": ("at least", "minimal", "minimum", "minimum of", "a minimum of", "min", "no less than", "not less than", "no fewer than", "not fewer than",
           ">=", "starting at", "at minimum", "no lower than", "at or above", "no younger than", "not under", "not below"),
    "LT": ("under", "below", "less than", "fewer than", "less as", "fewer as", "lower than", "smaller than", "<", "beneath", "shy of", "short of"),
    "LE": ("at most", "maximal", "maximally", "up to", "no more than", "not more than", "maximum", "maximum of", "a maximum of", "max", "<=", "not over",
           "not above", "no higher than", "at or below", "at maximum", "no older than", "no greater than"),
    "EXACTLY": ("exactly", "precisely", "equal to", "equals", "=", "==", "only", "just", "is exactly", "equaling"),
    "BETWEEN": ("between", "ranging from", "from", "in between", "anywhere from", "anywhere between", "somewhere between", "ranging between"),
    "TO": ("to", "through", "until", "till", "thru", "-", "up to"),
    "MORE_AFTER": ("or more", "and more", "and up", "or above", "and above", "or higher", "and higher", "or over", "and over", "or better", "and better",
                   "plus", "+", "upwards", "and upwards", "or greater", "and greater", "or beyond", "or up", "minimum", "at least"),
    "LESS_AFTER": ("or less", "and less", "or fewer", "and fewer", "or under", "and under", "or below", "and below", "or lower", "and lower",
                   "and down", "or down", "maximum", "max", "at most", "tops"),
    "OLDER_AFTER": ("or older", "and older", "and up", "or over"),
    "YOUNGER_AFTER": ("or younger", "and younger"),
    "OLDER": ("older than", "more senior than"),
    "YOUNGER": ("younger than",),
    "YEARS_OLD": ("years old", "year old", "year olds", "years of age", "yo", "y o", "yrs old", "yr old", "yr olds", "yrs of age"),
    "AGED": ("aged", "age", "ages", "ages of", "age of", "the ages of", "the age of"),
    "TIMES": ("times", "time", "x", "occasions", "separate times", "different times", "separate occasions"),
    "MOSTLY": ("mostly", "mainly", "primarily", "usually", "predominantly", "largely", "typically", "most often", "most of the time", "most"),
    "HALF": ("half", "half of"),
    "OF": ("of", "out of"),
    "HIGHEST": ("top", "highest", "best", "uppermost", "top level"),
    "LOWEST": ("lowest", "bottom", "entry", "entry level", "basic level"),
    "TOP": ("top", "best", "highest", "biggest", "largest"),
    "BOTTOM": ("bottom", "worst", "lowest", "smallest"),
    "FIRST": ("first", "first ever", "very first", "earliest", "initial", "first time"),
    "LAST": ("last", "most recent", "latest", "final", "most recently", "very last"),
    "PER": ("per", "each", "every", "a"),
    "IS": ("is", "are", "was", "were", "be", "=", "==", "equals", "equal to", ":", "being", "is exactly"),
    "IS_NOT": ("is not", "are not", "!=", "<>", "not equal to", "was not", "isn't"),
    "CONTAINS": ("contains", "contain", "containing", "includes", "including", "include", "that contains", "has the word", "like"),
    "STARTS": ("starts with", "start with", "starting with", "begins with", "begin with", "beginning with", "starts in", "beginning"),
    "ENDS": ("ends with", "end with", "ending with", "ends in", "end in", "ending in"),
    "ITEMS": ("items", "products", "things", "pieces", "units", "item", "product", "articles", "article"),
    "EARN": ("make", "makes", "making", "made", "earn", "earns", "earning", "earned", "bring home", "brings home"),
    "PERYEAR": ("a year", "per year", "annually", "yearly", "each year", "every year", "per annum", "/year", "a yr"),
    "MISSING": ("missing", "is missing", "unknown", "empty", "blank", "is empty", "is blank", "is unknown", "not set", "is not set", "not known",
                "not provided", "not given", "is null", "null", "unset", "not on file", "undisclosed", "not specified", "unspecified", "not stated", "not recorded"),
    "KNOWN": ("known", "is known", "is set", "set", "provided", "given", "on file", "on record", "present", "available", "is not null", "is not empty",
              "filled in", "not missing", "is present", "exists", "listed", "recorded", "not empty", "not null"),
    "HAVE": ("have", "has", "with", "having", "had", "with a", "own", "owns"),
    "WITH": ("with", "having", "of", "worth", "totaling", "totalling", "costing", "for", "at", "valued at"),
    "LIVE": ("live", "lives", "living", "lived", "based", "located", "reside", "resides", "residing", "resident", "residents", "situated", "are based",
             "come", "coming", "hail", "hailing"),
    "IN": ("in", "from", "of", "out of", "inside", "throughout"),
    "NAMED": ("named", "called", "by the name of", "whose name is", "with the name"),
    "BORN": ("born", "birthdate", "date of birth", "birth date", "dob"),
    "TURNING": ("turning", "turn", "turns", "will turn", "will be", "who turn", "becoming"),
    "IN_THEIR": ("in their", "in her", "in his", "in the", "in"),
    "ADDRESSES": ("address", "addresses", "email", "emails", "accounts", "account", "users", "user", "inboxes", "inbox", "email address", "email addresses"),
    "ON": ("that contained", "that included", "that contain", "that include", "which contained", "which included", "contained", "included", "on", "using", "via", "with", "through", "by", "over", "in", "from", "at", "for", "of", "to", "about", "called", "under", "within",
           "containing", "including", "regarding", "inside", "into", "during"),
    "LIGHT": ("make", "makes", "made", "making", "place", "places", "placed", "placing", "submit", "submitted", "submitting", "log", "logged",
              "logs", "logging", "complete", "completed", "completing", "do", "did", "done", "doing", "get", "got", "gotten", "start", "started",
              "starting", "record", "recorded", "file", "filed", "filing", "raise", "raised", "open", "opened", "request", "requested",
              "receive", "received", "finish", "finished", "perform", "performed", "have", "had", "has", "having", "create", "created", "with"),
    "SPENT": ("spent", "spend", "spends", "spending", "paid"),
    "SUBSCRIBED": ("subscribed", "subscribe", "subscribes", "opted in", "opted into", "opt in", "opt into", "opted", "signed up for", "consented",
                   "gave consent", "accepts", "accept", "consent", "want", "get", "receive", "receiving", "allow", "allows", "agreed", "subscribers", "subscriber",
                   "subscribing", "agreed to get", "agreed to receive", "said yes to", "agreed to be sent", "allowed us to send them", "happy to get", "happy to receive"),
    "UNSUBSCRIBED": ("unsubscribed", "unsubscribe", "opted out", "opted out of", "opt out", "opt out of", "unsubscribers"),
    "SUBSCRIBERS": ("subscribers", "subscriber", "subs", "opt ins", "opt in", "subscription", "list members", "opted in", "subscribed"),
    "REACHABLE": ("can be reached", "reachable", "contactable", "can be contacted", "can reach", "we can reach", "can contact", "i can contact",
                  "i can reach", "we can contact", "can be messaged", "can message", "are reachable", "available", "channel :", "channels :", "via channel", "sending channel :"),
    "CAN": ("can be", "can", "may be", "could be", "am allowed to", "are allowed to", "may", "able to", "allowed to", "ok to", "okay to"),
    "BY": ("by", "via", "through", "on", "over", "with", "to", "for", "from", "of", "per", "in", "based on", "according to", "ranked by", "sorted by", "ordered by"),
    "PEOPLE": ("people", "customers", "of customers", "of people", "users", "of users", "of them", "spenders", "of"),
    "DESCENDING": ("spenders", "spender"),
    "AGO": ("ago", "back", "before now", "earlier", "prior"),
    "RECENT": ("last", "past", "previous", "trailing", "preceding", "latest", "most recent", "prior"),
    "THIS": ("this", "current", "the current", "this current", "the present"),
    "NEXT": ("next", "coming", "upcoming", "following", "the next", "the coming"),
    "DURING": ("in", "during", "on", "over", "within", "throughout", "for", "at", "around", "of"),
    "INSIDE": ("within", "in", "in less than", "less than", "in under", "inside", "during", "over", "for", "within the span of"),
    "SINCE": ("since", "on or after", "starting", "starting in", "beginning", "as of", "ever since", "after the start of", "starting from", "beginning in"),
    "BEFORE": ("before", "prior to", "earlier than", "until", "till", "ahead of", "up to", "by", "pre", "no later than", "up until"),
    "THROUGH": ("through", "on or before", "up to and including", "up to the end of", "to the end of", "through the end of", "until the end of", "by the end of", "no later than"),
    "AFTER": ("after", "following", "later than", "past", "post", "after the end of", "since after"),
    "ONWARD": ("on", "onward", "onwards", "forward", "until now", "to now", "till now", "until today", "to today", "to date", "through today", "to present"),
    "NOW": ("now", "today", "right now", "this moment", "present"),
    "WEEK_OF": ("the week of", "week of", "the week containing", "week starting", "the week starting"),
    "DAY_OF": ("the day of", "day of"),
    "FISCAL": ("fiscal", "financial", "fy"),
    "ANAPHORA": ("since", "since then", "afterwards", "after that", "thereafter", "ever since", "after", "subsequently", "later"),
    "BIRTHDAY": ("birthday", "birthdays", "bday", "b day", "bdays"),
    "WITHIN": ("within", "in", "inside", "less than", "under", "in less than", "no more than"),
    "ANNIVERSARY": ("anniversary", "anniversary of", "anniversaries"),
}  # fmt: skip

WORD_VALUES = {
    "NOT": "not",
    "IS_NOT": "is not",
    "MISSING": "missing",
    "GT": "more",
    "GE": "more",
    "LT": "less",
    "LE": "less",
    "THIS": "this",
    "NEXT": "next",
    "RECENT": "last",
    "FIRST": 1,
    "LAST": -1,
}
"""What some categories carry besides their name."""

QUANTILES = {"decile": 10.0, "quintile": 20.0, "quartile": 25.0, "third": 100 / 3, "percentile": 1.0}
PLURAL_DAYS = {f"{day}days": day for day in ["mon", "tues", "wednes", "thurs", "fri", "satur", "sun"]} | {
    "weekends": "weekend",
    "weekdays": "weekday",
}
LIGHT_HEADS = frozenset(
    form
    for lemma in [
        "make",
        "place",
        "have",
        "get",
        "take",
        "do",
        "start",
        "put",
        "look",
        "go",
        "come",
        "give",
        "send",
        "submit",
        "file",
        "raise",
        "log",
        "be",
        "ask",
        "begin",
        "reach",
        "run",
        "receive",
        "open",
        "read",
        "use",
        "report",
        "mark",
    ]
    for form in verb_forms(lemma)
)
"""Verbs that say nothing without their object: made (a purchase), opened (a ticket)."""

SIGNS = {">=": "ge", "<=": "le", ">": "gt", "<": "lt", "=": "is", "==": "is"}
COMPARED: dict[str, dict[str, object]] = {
    "MORE": {"more": "more", "fewer": "fewer", "less": "fewer"},
    "ABOVEBELOW": {"above": "above", "over": "above", "higher than": "above", "below": "below", "under": "below", "lower than": "below"},
    "MEDIAN": {"median": "median"},
    "LARGEST": {"largest": "maximum", "biggest": "maximum", "highest": "maximum", "maximum": "maximum", "max": "maximum"},
    "SMALLEST": {"smallest": "minimum", "lowest": "minimum", "minimum": "minimum", "cheapest": "minimum"},
    "TOTAL": {"total": "sum", "overall": "sum", "combined": "sum", "cumulative": "sum", "sum of": "sum", "total of": "sum", "in total": "sum", "a total of": "sum"},
    "AVERAGE": {"average": "average", "avg": "average", "mean": "average", "on average": "average", "typical": "average", "an average of": "average", "average of": "average"},
    "AOV": {"aov": "average", "average order value": "average", "average basket": "average", "average basket size": "average", "average spend": "average",
            "average purchase": "average", "average transaction": "average", "average transaction value": "average", "average cart value": "average"},
    "VALUEWORD": {"value": 1, "values": 1, "amount": 1, "size": 1, "total": 1, "price": 1},
    "DISTINCT": {"different": 1, "distinct": 1, "unique": 1, "various": 1},
    "THING": {"something": "thing", "anything": "thing", "things": "thing", "stuff": "thing", "it": "it", "them": "it", "one": "it", "at all": "thing", "same product": "it", "same item": "it", "same one": "it", "same thing": "it", "same ones": "it"},
    "OTHERTHAN": {"anything but": 1, "anything except": 1, "anything other than": 1, "something other than": 1, "other than": 1, "except": 1, "besides": 1, "apart from": 1},
    "EVERTIME": {"ever": 1, "at all": 1, "all time": 1, "of all time": 1, "in total": 1, "overall": 1, "in their lifetime": 1, "altogether": 1, "yet": 1},
    "FIRSTTIME": {"for the first time": 1, "for the second time": 2, "for the last time": -1},
    "FIRSTVERB": {"first": 1, "last": -1, "most recently": -1, "first time": 1},
    "MOSTRECENT": {"most recently": -1, "last time": -1, "the last time": -1},
    "ONETIME": {"one time": ("is", 1, "one-time"), "single time": ("is", 1, "single-time"), "single purchase": ("is", 1, "single"), "first time": ("is", 1, "first-time"), "once only": ("is", 1, "once-only"),
                "repeat": ("ge", 2, "repeat"), "returning": ("ge", 2, "repeat"), "repeated": ("ge", 2, "repeat")},
    "SEVERAL": {"a few": 3, "several": 3, "multiple": 2},
    "STOPPED": {"stopped": 1, "quit": 1, "ceased": 1, "gave up": 1},
    "CAMEBACK": {"came back": 1, "been back": 1, "come back": 1, "comes back": 1, "coming back": 1, "reactivated": 1},
    "LATER": {"later": 1, "afterwards": 1, "after": 1, "of that": 1, "of it": 1},
    "WITHREL": {"with": 1},
}  # fmt: skip
TRUTHS = {"yes": True, "true": True, "y": True, "no": False, "false": False, "n": False, "ok": True, "okay": True}
PARTS_OF_DECADE = {"early": "early", "mid": "mid", "late": "late"}
MAIL_PROVIDERS = {
    "gmail": "gmail.com", "googlemail": "googlemail.com", "yahoo": "yahoo.com", "hotmail": "hotmail.com", "outlook": "outlook.com",
    "icloud": "icloud.com", "aol": "aol.com", "protonmail": "protonmail.com", "comcast": "comcast.net",
}  # fmt: skip
DAY_WORDS = {
    "today": 0, "yesterday": -1, "tomorrow": 1, "the day before yesterday": -2, "day before yesterday": -2,
    "the day after tomorrow": 2, "day after tomorrow": 2,
}  # fmt: skip
TO_DATE = {
    "ytd": "year", "year to date": "year", "this year to date": "year", "so far this year": "year", "this year so far": "year",
    "mtd": "month", "month to date": "month", "so far this month": "month", "qtd": "quarter", "quarter to date": "quarter",
    "wtd": "week", "week to date": "week", "so far this week": "week", "so far this quarter": "quarter",
}  # fmt: skip
SAME_PERIOD = {f"{word} {unit} last year": unit for word in ("same", "this") for unit in ("week", "month", "quarter")}

UNITS: dict[str, str] = {
    **dict.fromkeys(("minute", "minutes", "min", "mins"), "minute"),
    **dict.fromkeys(("hour", "hours", "hr", "hrs", "h"), "hour"),
    **dict.fromkeys(("day", "days", "d", "calendar days", "calendar day", "dys"), "day"),
    **dict.fromkeys(("week", "weeks", "wk", "wks", "w"), "week"),
    **dict.fromkeys(("month", "months", "mo", "mos", "mth", "mths", "mnths", "mnth"), "month"),
    **dict.fromkeys(("quarter", "quarters", "qtr", "qtrs"), "quarter"),
    **dict.fromkeys(("year", "years", "yr", "yrs", "y", "calendar year", "calendar years"), "year"),
}

MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sep sept", "october oct", "november nov", "december dec"), 1
    )
    for name in names.split()
}  # fmt: skip

WEEKDAYS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        ("monday mon", "tuesday tue tues", "wednesday wed", "thursday thu thur thurs",
         "friday fri", "saturday", "sunday")
    )
    for name in names.split()
}  # fmt: skip

NUMBER_WORDS: dict[str, int] = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
} | {
    word: 10 * tens
    for tens, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
SCALES: dict[str, int] = {
    "hundred": 100,
    "thousand": 1_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
    "grand": 1_000,
    "mil": 1_000_000,
    "m": 1_000_000,
}
DOZENS: dict[str, int] = {"dozen": 12, "half dozen": 6, "couple": 2, "couple of": 2}
ORDINAL_WORDS: dict[str, int] = {
    word: n
    for n, word in enumerate(
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"], 1
    )
}
FREQUENCIES: dict[str, int] = {"once": 1, "twice": 2, "thrice": 3}
REPEATEDLY: dict[str, int] = {
    "multiple times": 2,
    "repeatedly": 2,
    "several times": 3,
    "a few times": 3,
    "few times": 3,
}
FEW: dict[str, int] = {"few": 3, "a few": 3, "several": 3, "multiple": 2}
DECADES: dict[str, int] = {
    word: 10 * n
    for n, word in enumerate(
        ["twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"], 2
    )
} | {"teens": 10}
SOMETHINGS: dict[str, int] = {"somethings": 1, "something": 1, "ish": 1}

CURRENCIES: dict[str, str] = {
    "$": "USD", "usd": "USD", "dollars": "USD", "dollar": "USD", "bucks": "USD", "buck": "USD", "us dollars": "USD",
    "€": "EUR", "eur": "EUR", "euros": "EUR", "euro": "EUR", "£": "GBP", "gbp": "GBP", "pounds": "GBP", "pound": "GBP", "quid": "GBP",
    "¥": "JPY", "yen": "JPY", "jpy": "JPY", "chf": "CHF", "francs": "CHF", "cad": "CAD", "aud": "AUD", "₹": "INR", "rupees": "INR",
}  # fmt: skip
PERCENT_WORDS = ("%", "percent", "per cent", "pct", "percents")

# first and last birth year, both included (Pew Research Center's usage)
GENERATIONS: dict[str, tuple[int, int]] = {
    **dict.fromkeys(("gen alpha", "generation alpha"), (2013, 2024)),
    **dict.fromkeys(("gen z", "generation z", "gen zers", "gen zer", "zoomers", "zoomer", "genz"), (1997, 2012)),
    **dict.fromkeys(("millennials", "millennial", "millenials", "gen y", "generation y"), (1981, 1996)),
    **dict.fromkeys(("gen x", "generation x", "gen xers", "gen xer", "genx"), (1965, 1980)),
    **dict.fromkeys(("baby boomers", "boomers", "boomer", "baby boomer"), (1946, 1964)),
    **dict.fromkeys(("silent generation", "the silent generation"), (1928, 1945)),
}
# youngest and oldest age, both included; None is open
LIFE_STAGES: dict[str, tuple[int | None, int | None, str]] = {
    **dict.fromkeys(
        ("seniors", "senior", "senior citizens", "senior citizen", "elderly", "retirement age"),
        (65, None, "65 and older"),
    ),
    **dict.fromkeys(("adults", "adult", "grown ups"), (18, None, "18 and older")),
    **dict.fromkeys(("teenagers", "teens", "teenager", "teen"), (13, 19, "13 to 19")),
    **dict.fromkeys(("minors", "minor", "underage"), (None, 17, "under 18")),
    **dict.fromkeys(("middle aged",), (45, 64, "45 to 64")),
    **dict.fromkeys(("young adults", "young adult"), (18, 29, "18 to 29")),
}

KIN: dict[str, str] = {
    **dict.fromkeys(
        ("mum", "mums", "mom", "moms", "mummy", "mummies", "mother", "mothers", "mama", "mamas", "mommies"), "women"
    ),
    **dict.fromkeys(("dad", "dads", "daddies", "father", "fathers", "papa", "papas"), "men"),
}
"""Parents of one gender, by the word for that gender."""

EVALUATIVE = (
    "wealthy", "rich", "affluent", "loyal", "most loyal", "most valuable", "most active", "most engaged", "high income", "high net worth", "big spenders", "big spender", "top spenders", "top buyers", "biggest spenders", "highest spenders", "top shoppers", "high value", "high spenders", "high spender", "low value", "active", "inactive",
    "lapsed", "new", "recent", "recently", "engaged", "unengaged", "disengaged", "at risk", "vip", "vips", "valuable", "best customers", "good customers", "frequent",
    "regular", "regulars", "dormant", "churned", "churning", "heavy", "light", "power users", "power user", "lately", "whales", "whale",
    "premium", "important", "top customers", "young", "old", "older", "younger", "elderly people", "fans", "superfans", "happy", "unhappy", "bargain hunters", "bargain hunter",
    "discount shoppers", "deal seekers", "local", "nearby", "likely to churn", "likely to buy", "loyalists", "hot leads", "warm leads", "cold leads", "prospects",
)  # fmt: skip
"""Words that only the company can define (policy P11)."""

COMPANY_WORDS = frozenset(word for phrase in EVALUATIVE for word in phrase.split())

NEVER_CORRECTED_TO = (
    frozenset(
        word
        for table in (OPERATORS, {k: WORDS[k] for k in ("GT", "GE", "LT", "LE", "EXACTLY", "BETWEEN", "TO", "MOSTLY")})
        for phrases in table.values()
        for phrase in phrases
        for word in phrase.split()
    )
    | GLUE
    | frozenset(FREQUENCIES)
)
"""Words that carry logic: a typo is never silently read as one of them."""

NOT_A_SEGMENT = (
    "how many emails", "how many messages", "how many orders", "how many campaigns", "how much revenue", "how much money", "how much did", "what was our",
    "what is our", "what were our", "show revenue", "open rate of", "conversion rate", "revenue by", "why did", "how do i", "how does", "what time", "who won",
    "what's the weather",
)  # fmt: skip
