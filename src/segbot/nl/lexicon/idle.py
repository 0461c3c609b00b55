"""General English that can say nothing about a customer: courtesy, hedges, thinking aloud, words for making and asking.

No word of these tables is ever passed over on its own account. They only tell that words which nobody understood, at the
edge of a request, speak of the request and of who makes it (see `segbot.nl.leftover`).
"""

# ruff: noqa: SIM905, E501 (tables of words read best as text)

from __future__ import annotations

from segbot.nl.inflect import noun_forms, verb_forms

PARTICLES = frozenset(
    """
    ah aha ahem ahh alright alrighty anyhow anyway anyways apologies argh basically btw duh eh er erm err evidently fyi gosh
    goodness haha hello hey heya hi hiya hm hmm hmmm hmmmm honestly hopefully imo imho indeed lol mhm nah ok okay oki
    okey oh ohh oops ooh oof perhaps pfft phew please pls plz presumably probably psst quickly really
    righto righty sigh so sorry thanks thankyou tbh tho thx ugh uh uhh uhm uhmm um umm ummm ummmm welp well whew whoa
    whoops wow yay yeah yep yes yo yup maybe mayhaps possibly somehow obviously admittedly apparently arguably frankly
    literally seriously truthfully fundamentally supposedly surely certainly clearly
    personally ultimately fortunately unfortunately luckily sadly understandably naturally
    incidentally roundabout hence thus therefore asap urgently immediately promptly kindly cordially respectfully
    gladly
    """.split()
)
"""Words that may stand right before what is asked for: umm women in Texas."""

LIKE = frozenset({"like"})
"""A particle where it stands among particles or alone before a word for people."""

_ASKING = (
    "ask assemble compile compute crunch collate curate demand design display draft draw extract figure gather generate "
    "harvest hunt isolate locate obtain output pinpoint populate prepare present print produce pull query retrieve render scan "
    "separate sort source spit supply surface tabulate tally whip work bring dump dig fish furnish lookup "
    "pick hand round run rustle scrape seek single slice sketch throw trawl uncover"
)
ASKING = frozenset({form for lemma in _ASKING.split() for form in verb_forms(lemma)})
"""Verbs for making a list, right before what it is of: compile women in Texas, pull together, dig out."""

_TALKING_VERBS = (
    "accomplish acknowledge advise aim allow announce anticipate apologise apologize appreciate arrange assist assume attempt "
    "bear believe beg bet bother brainstorm brief bug chase check clarify confess confirm confuse consider construct contemplate "
    "convince coordinate craft curse daydream debate decide declare deem define describe dig discuss doubt draft dread elaborate "
    "email enable encourage ensure envision estimate evaluate examine expect experiment explain explore express fancy fathom fear "
    "figure find finish forget forgive forward gauge get give go grasp guess guide handle happen hear help hesitate hope identify "
    "imagine implement imply indicate inform insist inspect intend interrupt introduce investigate justify keep know lead learn "
    "let look make manage mean mention mind need note notice occur offer oblige owe pardon permit pester phrase picture pitch "
    "plan point ponder prefer pretend proceed promise propose prove provide push puzzle question read realise realize reckon "
    "recommend remember remind repeat rephrase report request require research resolve respond reveal review say see seem sense "
    "send share show solve sound speak specify speculate start state struggle stress suggest summarise summarize suppose "
    "suspect suit talk tell test thank think toy trouble trust try understand understood use validate verify view visualise visualize "
    "wait want warn wish wonder word work worry write wrap"
)
_TALKING = """
    quick sure right preferably ideally roughly generally practically technically theoretically essentially
    able about above absolute absolutely accordingly accurate again ahead aloud also amazing anybody any anything apparent
    appreciated appreciative approximate approximately around as attached attention available aware awesome away awful awfully
    awkward background bad beautiful because been beforehand best better big bit blank bless blind boring both brainy brief
    briefly brilliant busy but by bye call can careful case cautious certain challenge chance chaps charming clear clever
    clue colleague colleagues come comfortable common complete completely complex complicated concept concern concerned
    confident confused confusing context convenience convenient cool correct correctly could couple cracking crazy crucial
    curiosity curious cute darling data deadline dear decent deck deep deeply definite definitely delighted desk detail detailed
    details difference different difficult direct directly director done dumb each eager early ease easier easiest easily easy
    effort either else end endless enough entire entirely especially essential even eventually ever every everything exact
    exactly example excellent exciting excuse exhaustive expert extra extremely eye eyes fab fabulous fact fair fairly fantastic
    far fast fave favor favorite favour fine fingers first flash folks following fond foolish foot for format forward free
    fresh friendly from full fully fun funny further fuss fussy future gist glad going good gorgeous grand grateful great
    guidance guru guys half hand handy happen happily happy hard haste head heads heart help helpful here herculean hint hope
    hopeful how huge humble humbly hurry hyper idea ideal ideas if immense immensely impatient important impossible impressive in
    incredible incredibly indebted info information initially input insane insight insights inspiration instance instead
    interest interested interesting into issue it its job joking joy just keen keep kind kinda kindest kindness know knowledge
    lads last lately later lazy least leave lemme less let level life lifesaver lightning likely line list listing little live
    long look lot lots lovely luck lucky luv mad magic main make manager manner many massive mate matter maximum may me
    meaningful meanwhile meeting mess mere mere mighty min mind mine minute mission moment more morning most move much mysterious
    name necessarily necessary neat nerd new next nice nifty no noob nope normal not note nothing now number obliged obvious odd
    of off often old on once one only onto opinion opportunity option or order ordinary other otherwise our ours out outcome
    over overall overly own pal part particular particularly patience patient peeps perfect perfectly period picky picture piece
    pity place plain plan plans pleasant pleased pleasure plus point polite poor possible possibility possibly potential power
    precise precisely preference prepared pressing presumed pretty previous pro problem proper properly prospective prototype
    pronto proud purely purpose purposes query question questions quicker quickest quiet quite random rather ready real
    realistic reason reasonable regard regarding regardless regards related relevant reliable reply request respect response
    result results rich ridiculous ring role rough rude rush sake same satisfied savvy second secs sec seem sensible
    separate serious shape sharp sheet short shortly shot side silly simple simpler simplest simply since sir skip slick slight
    slightly slow small smart smooth snap so solid some someone something sometime soon sooner soonest sort sorta spare
    specific specifically splendid stakeholder stakeholders straight straightforward strange strategy stuck stuff stupid
    stumped such suit suitable super superb supposed supportive surprise surprised sweet swell swift swiftly task
    team tedious terrible terribly terrific than thankful that the their theory there these thing things this thorough those
    thought thoughts thrilled tidy tight time tiny tip to today together tomorrow tonight too topic totally touch tough
    tricky trivial trouble true truly turnaround two type unclear understanding unsure up upfront urgency urgent useful useless
    usual vague vaguely valuable vast version very via view viable vital wacky waiting way ways weird what whatever when
    whenever where wherever whether which whichever while whilst why wild will willing wise wish with within without wizard
    wonder wonderful word words world worries worry worth worthwhile wow wrong year you your yours yourself zero boss bosses
    cfo cmo ceo vp intern exec execs management supervisor presentation spreadsheet excel csv slide slides summary overview
    breakdown snapshot rundown roundup bunch handful batch pile load loads ton tons bot robot assistant machine computer system
    tool tools app dashboard chatgpt ai siri alexa genius legend star hero champ champion superstar angel gem saint
    gonna wanna gotta coulda woulda shoulda hafta kinda dunno ain cuz coz cause tryna u r ur ya yall im id ive ill thats whats
    lets plse asking thinking wondering hoping looking trying guessing assuming supposing imagining considering figuring
    dear madam gentlemen ladies gents fellas dude dudes bro buddy friend friends mister mr mrs ms miss folks y'all
    inquiry enquiry ticketless brainwave whim hunch gut feeling notion suspicion theory assumption guess hypothesis
    brain brains fried tired exhausted coffee standup catchup briefing workshop offsite retro sprint quarterly okr kpi kpis metric metrics
    """
_NEVER = frozenset(
    """
    no not nothing without zero never less more most least than over under above below within since before after between
    first second last next previous now today tomorrow tonight ago year years month week day time times early late later lately
    recently new old one two half once twice both each every all any many much few only just except in from near around
    who whom whose which with their those these buy order need email want live use offer review open click read
    """.split()
)
TALKING = (
    frozenset(_TALKING.split())
    | {form for lemma in _TALKING_VERBS.split() for form in verb_forms(lemma)}
    | {form for noun in ("colleague", "manager", "boss", "deadline", "meeting", "client") for form in noun_forms(noun)}
    | PARTICLES
    | ASKING
) - _NEVER
"""Words that say nothing about a customer where somebody speaks of themselves or of the request."""

OF_REQUESTS = frozenset(
    "wondering curious idea ideas clue request question query favor favour ask brief task hoping trying looking chance urgent".split()
)
"""Those that speak of the request with nobody named: any idea how many, just wondering who."""

SPEAKERS = frozenset(
    "i we me us my our you your u ur mine yours myself yourself this that it if when whenever let lemme".split()
)
"""Who asks and who is asked, and what is asked: one of them tells talk about the request from a description of people."""

JOINING = frozenset(
    "and or does if for about of that this it as whether in on to up out off back over by at what how".split()
)
"""Small words within such talk; what they lead to decides."""

IDIOMS: tuple[tuple[str, ...], ...] = tuple(
    tuple(idiom.split())
    for idiom in (
        "not sure", "not really sure", "not quite sure", "not entirely sure", "not totally sure", "not certain", "not urgent",
        "not super urgent", "not in a hurry", "not a big deal", "not a problem", "no idea", "no clue", "no rush", "no hurry", "no pressure",
        "no worries", "no problem", "no big deal", "no need to rush", "nothing urgent", "nothing fancy", "do not know", "not know",
        "not too sure", "not so sure", "not convinced", "not too difficult",
        "not too hard",
        "not ideal", "not to worry", "not too much trouble",
    )
)  # fmt: skip
"""Turns of phrase that negate, but nothing about customers."""
