"""Everyday English words: spelt right even where a catalog does not know them, so never "corrected" into a catalog word."""

# ruff: noqa: SIM905 (a list of words reads best as text)

from __future__ import annotations

COMMON_WORDS = frozenset(
    """
    able about above accept access accident account ache across act action activity actor actual add address adult
    advice affair afford afraid afternoon again against agree air airport alarm alcohol alive allow almost alone
    along already although always amazing among amount ancient anger angry animal announce another answer anxious
    anyone anyway apart apartment appear apple apply approach area argue arm army around arrange arrive art
    article ask asleep assist attack attend aunt autumn available avoid awake award aware away awful baby back bad
    bag bake balance ball band bank bar base basic basket bath battle beach bear beat beautiful beauty because
    become bed bedroom beef beer beginning behave behind belief believe bell belong below belt bench bend benefit
    beside best better beyond bicycle big bike bill bird birth bit bite bitter black blame blanket blind block
    blood blow blue board boat body bone book border bored boring borrow boss both bother bottle bottom bowl box
    boy brain branch brave bread break breakfast breath breathe bridge brief bright bring broad broken brother
    brown brush build building burn burst bus business busy butter button cake call calm camera camp cancel cancer
    cap car card care career careful careless carpet carry case cash cat catch cause celebrate cell center central
    century certain chain chair challenge chance change character charge cheap cheat check cheese chemical chest chat
    chicken chief child choice choose church cinema circle citizen city claim class classic clean clear clever
    climate climb clock close cloth clothes cloud club coach coal coast coat code coffee cold collar collect
    college color colour column come comfort comic command comment common community company compare compete
    complain complete computer concern concert condition confident confirm confuse connect consider contain
    content contest continue contract control conversation cook cool copy corner correct cost cotton cough could
    country couple courage course court cousin cover cow crazy cream create credit crew crime criminal crisis
    cross crowd cruel cry culture cup cupboard cure curious current curtain curve custom cut cycle daily damage
    dance danger dangerous dark data date daughter dead deaf deal dear death debate debt decade decide decision
    deep defeat defend degree delay deliver demand dentist deny depart department depend describe desert design
    desire desk destroy detail develop device diary die diet differ difference different difficult dig dinner
    direct direction dirt dirty disagree disappear discover discuss disease dish dislike display distance divide
    divorce doctor dog dollar door double doubt down dozen draw drawer dream dress drink drive driver drop drug
    drum dry duck dull during dust duty each eager ear early earn earth ease east easy eat economy edge educate
    education effect effort egg eight either elder elect electric elephant else email empire employ empty
    encourage end enemy energy engage engine engineer enjoy enough enter entire entrance envelope environment
    equal error escape especially essay even evening event ever every evil exact exam example excellent except
    exchange excite excuse exercise exist exit expect expensive experience expert explain explode explore express
    extra extreme eye face fact factory fail fair faith fall false family famous far farm farmer fashion fast fat
    father fault favor favorite favourite fear feature fee feed feel female fence festival fetch few field fight
    figure file fill film final find fine finger finish fire firm first fish fit fix flag flat flavor flight float
    flood floor flour flow flower fly focus fold follow fond food fool foot football force foreign forest forget
    forgive fork form formal former fortune forward found frame free freedom freeze fresh friend friendly front
    frozen fruit fuel full fun fund funny furniture further future gain gallery game gap garage garden gas gate
    gather general generous gentle gift girl give glad glass global goal goat god gold golf good goods govern
    grade grain grand grandfather grandmother grass grateful gray great green greet grey ground group grow
    guarantee guard guess guest guide guilty guitar gun habit hair half hall hammer hand handle hang happen happy
    harbor hard hardly harm hat hate head health healthy hear heart heat heaven heavy height hello help hero
    hidden hide high hill hire history hit hobby hold hole holiday hollow holy home honest hope horrible horse
    hospital host hot hotel hour house however huge human humor hundred hungry hunt hurry hurt husband ice idea
    ideal identify ill illegal image imagine immediate important impossible improve inch include income increase
    indeed independent individual industry inform inside insist instead insult intelligent intend interest
    interested international internet interrupt interview introduce invent invest invite involve iron island issue
    item jacket jam jealous jewel job join joke journey joy judge juice jump just justice keep key kick kid kill
    kind king kiss kitchen knee knife knock know lab labor lack ladder lady lake lamp land language large last
    late laugh launch law lawyer lay lazy lead leader leaf learn least leather leave left leg legal lemon lend
    length lesson letter level liberty library lie life lift light limit line lion lip liquid list listen little
    live load loan local location lock logic lonely long look loose lord lose loss lost lot loud love lovely low
    luck lucky lunch machine mad magazine magic mail main major male manage manager manner many map march mark
    market marriage married marry mass master match material matter maybe meal mean meaning measure meat medal
    media medical medicine medium meet member memory mental mention menu message metal method middle might mild
    military milk mind mine minister minor minute mirror miss mistake mix mixed mobile model modern moment money
    monkey month mood moon moral morning most mother motion motor mountain mouse mouth move movie much mud murder
    muscle museum music must mystery nail name narrow nation natural nature near nearly neat necessary neck need
    needle negative neighbor neither nervous nest net network news next nice night nine nobody noise none noon
    normal north nose note nothing notice novel nowhere number nurse nut obey object observe obvious ocean odd off
    offer office officer official often oil old omit once online onto open operate opinion opposite option orange
    order ordinary organize origin other ought outside oven over own owner pack package page pain paint pair
    palace pale pan panic pants paper parent park part particular partner party pass passenger passport passwords
    password past path patient pattern pause pay peace pen pencil people pepper perfect perform perhaps period
    permit person personal pet phone photo phrase physical piano pick picture piece pig pilot pink pipe pity place
    plain plan plane plant plastic plate play player pleasant please pleasure plenty pocket poem poet point poison
    police policy polite political pool poor popular population position positive possible post pot potato pound
    pour power practice praise pray prefer prepare present president press pretty prevent price pride priest
    prince princess print prison private prize probably problem process produce product profession professor
    profit program progress promise proof proper protect proud prove provide public pull pump punish pupil pure
    purpose push put puzzle quality quantity queen question quick quickly quiet quite race radio rain raise range
    rapid rare rate rather raw reach react read ready real reality reason receive recent recipe recognize
    recommend record recover red reduce refer reflect refuse regard region regret regular reject relate relation
    relax release religion rely remain remember remind remote remove rent repair repeat replace reply report
    represent request require rescue research reserve respect respond rest restaurant result return reveal review
    reward rice rich ride right ring rise risk river road rob rock role roll romantic roof room root rope rough
    round route row royal rude ruin rule ruler run rush sad safe sail salad salary sale salt same sand sandwich
    satisfy save say scale scare scene school science scientist scissors score scream screen search season seat
    second secret secretary section security see seed seem seldom select sell send senior sense sentence separate
    series serious serve service set settle seven several sex shade shadow shake shall shame shape share sharp
    sheep sheet shelf shine ship shirt shock shoe shoot shop shore short shot should shoulder shout show shower
    shut shy sick side sight sign signal silence silent silk silly silver similar simple since sing singer single
    sink sister sit site situation six size skill skin skirt sky sleep slice slide slight slip slow small smart
    smell smile smoke smooth snake snow social society sock soft software soil soldier solid solve some son song
    soon sore sorry sort soul sound soup sour south space spare speak special speech speed spell spend spirit
    spite split spoil spoon sport spot spread spring square staff stage stair stamp stand standard star start
    state station stay steal steam steel step stick still stomach stone stop store storm story straight strange
    stranger stream street strength stress stretch strict strike string strong structure student studio study
    stupid style subject substance succeed success such sudden suffer sugar suggest suit summer sun supply support
    suppose sure surface surprise surround survey survive sweet swim switch sword symbol system table tail take
    talent talk tall tank tape target task taste tax taxi tea teach teacher team tear technical technology
    telephone television tell temperature ten tend tennis term terrible test text than thank theater theatre
    theory thick thief thin thing think third thirst thirsty though thought thousand threat three throat through
    throw thumb thunder ticket tidy tie tiger tight till time tin tiny tip tire tired title toe together toilet
    tomato tone tongue tonight tool tooth top topic total touch tough tour tourist toward towel tower town toy
    track trade tradition traffic train training translate transport travel treasure treat treatment tree trial
    trick trip trouble truck true trust truth try tube tune turn twelve twenty type typical ugly umbrella uncle
    under understand union unique unit unite universe university unless upon upper upset urban urge use useful
    usual valley valuable value variety various vast vegetable vehicle version very victim victory video view
    village violence violent virtue visit visitor vital voice volume vote wage waist wait waiter wake walk wall
    wander want war warm warn wash waste watch water wave weak weakness wealth weapon wear weather web wedding
    week weekend weigh weight welcome west wet wheel while whisper white whole wide wife wild win wind window wine
    wing winner winter wire wise wish witness wolf woman wonder wood wooden wool word work worker world worry
    worse worst worth would wound wrap write writer wrong yard year yell yellow yes yesterday young youth zero
    zone ignore catalog database users campaign segment segments dashboard revenue conversion query username admin
    delete insert update loves loved likes liked hates hated enjoys enjoyed wants wanted lives lived works worked
    plays played thinks knows knew goes went comes came makes gives gave takes took says said sees saw uses used
    tries tried asks asked needs needed feels felt becomes leaves means meant keeps kept lets begins began seems
    helps helped shows showed hears heard runs ran moves moved believes brings brought happens happened writes
    wrote sits sat stands stood loses pays paid meets met includes continues sets learns learned changes changed
    leads led understands watches watched follows followed stops stopped creates created speaks spoke reads allows
    allowed adds added spends spent grows grew opens opened walks walked wins won offers offered remembers
    considers appears buys bought waits waited serves died dies sends sent expects builds built stays stayed falls
    fell cuts reaches kills remains more less lots others only also too sometimes usually rarely dogs cats pets
    cars books movies games children kids moms dads mothers fathers wives husbands sons daughters sisters brothers
    friends teachers doctors nurses students lawyers engineers yoga vegan vegetarian pizza soccer baseball
    basketball fishing hiking dancing singing cooking reading gaming shopping mile miles kilometer kilometers km
    meter meters divorced widowed engaged speaker speakers nearby within abroad pairs pieces using stuff things
    somebody anybody everybody plus minus via per etc amongst towards despite whether whose whom whatever whenever
    wherever whoever monday tuesday wednesday thursday friday saturday sunday january february april june july
    august september october november december website websites app apps offline stores shopper cart carts
    checkout coupon coupons discount discounts voucher vouchers promo promotion campaigns newsletter newsletters
    subscriber subscribers subscription subscriptions audience cohort lists export reports mum mums mom dad
    parents grandma grandpa grandparents toddler toddlers babies teen teens teenager teenagers adults owners
    runner runners hiker hikers traveler travelers traveller travellers gamer gamers fan fans lover lovers
    engagement retention churn loyalty rewards points tier tiers status levels members membership trials renew
    renewal expire expires expiring expired upgrade upgraded downgrade downgraded cancelled canceled plans asap
    thanks really actually basically honestly literally totally planet galaxy unicorn dragon banana spaceship blah
    foo baz lorem ipsum
    """.split()
)
