// Emoji short names that people and apps use most. A name that is not here stays as typed, as in Slack.

const TABLE = `
smile 😄|smiley 😃|grinning 😀|grin 😁|laughing 😆|satisfied 😆|joy 😂|rofl 🤣|slightly_smiling_face 🙂|upside_down_face 🙃
wink 😉|blush 😊|innocent 😇|heart_eyes 😍|star-struck 🤩|kissing_heart 😘|yum 😋|stuck_out_tongue 😛|thinking_face 🤔|thinking 🤔
neutral_face 😐|expressionless 😑|no_mouth 😶|smirk 😏|unamused 😒|face_with_rolling_eyes 🙄|grimacing 😬|relieved 😌
pensive 😔|sleepy 😪|sleeping 😴|mask 😷|nerd_face 🤓|sunglasses 😎|confused 😕|worried 😟|slightly_frowning_face 🙁
open_mouth 😮|hushed 😯|astonished 😲|flushed 😳|cry 😢|sob 😭|scream 😱|disappointed 😞|sweat 😓|sweat_smile 😅|tired_face 😫
triumph 😤|rage 😡|angry 😠|exploding_head 🤯|partying_face 🥳|hugging_face 🤗|shushing_face 🤫|saluting_face 🫡|robot_face 🤖|ghost 👻
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|ok_hand 👌|wave 👋|raised_hands 🙌|clap 👏|pray 🙏|handshake 🤝|muscle 💪|point_up ☝️
point_right 👉|point_left 👈|point_down 👇|point_up_2 👆|raised_hand ✋|v ✌️|crossed_fingers 🤞|writing_hand ✍️|eyes 👀|brain 🧠
heart ❤️|yellow_heart 💛|green_heart 💚|blue_heart 💙|purple_heart 💜|black_heart 🖤|orange_heart 🧡|broken_heart 💔|100 💯
fire 🔥|sparkles ✨|star ⭐|star2 🌟|boom 💥|zap ⚡|tada 🎉|confetti_ball 🎊|balloon 🎈|gift 🎁|trophy 🏆|medal 🏅|first_place_medal 🥇
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|negative_squared_cross_mark ❎|heavy_multiplication_x ✖️
warning ⚠️|no_entry ⛔|no_entry_sign 🚫|octagonal_sign 🛑|stop_sign 🛑|rotating_light 🚨|question ❓|grey_question ❔|exclamation ❗|bangbang ‼️
information_source ℹ️|bulb 💡|mag 🔍|mag_right 🔎|lock 🔒|unlock 🔓|key 🔑|bell 🔔|no_bell 🔕|mega 📣|loudspeaker 📢|speech_balloon 💬
thought_balloon 💭|left_speech_bubble 🗨️|email 📧|e-mail 📧|envelope ✉️|incoming_envelope 📨|inbox_tray 📥|outbox_tray 📤|package 📦
memo 📝|pencil 📝|pencil2 ✏️|clipboard 📋|bookmark 🔖|pushpin 📌|round_pushpin 📍|paperclip 📎|link 🔗|scissors ✂️|wastebasket 🗑️
file_folder 📁|open_file_folder 📂|card_index_dividers 🗂️|page_facing_up 📄|page_with_curl 📃|books 📚|book 📖|newspaper 📰
bar_chart 📊|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|abacus 🧮|dart 🎯|calendar 📆|date 📅|spiral_calendar_pad 🗓️
hourglass ⌛|hourglass_flowing_sand ⏳|alarm_clock ⏰|stopwatch ⏱️|clock1 🕐|clock3 🕒|clock9 🕘|watch ⌚
gear ⚙️|wrench 🔧|hammer 🔨|hammer_and_wrench 🛠️|nut_and_bolt 🔩|test_tube 🧪|microscope 🔬|computer 💻|desktop_computer 🖥️
iphone 📱|telephone_receiver 📞|camera 📷|tv 📺|floppy_disk 💾|cd 💿|battery 🔋|electric_plug 🔌|globe_with_meridians 🌐
moneybag 💰|dollar 💵|credit_card 💳|receipt 🧾|shopping_trolley 🛒|shopping_bags 🛍️|gem 💎|label 🏷️|ticket 🎫|athletic_shoe 👟
bust_in_silhouette 👤|busts_in_silhouette 👥|woman 👩|man 👨|family 👪|baby 👶|office 🏢|house 🏠|department_store 🏬|bank 🏦
rocket 🚀|airplane ✈️|car 🚗|truck 🚚|ship 🚢|construction 🚧|checkered_flag 🏁|triangular_flag_on_post 🚩|world_map 🗺️
earth_americas 🌎|earth_africa 🌍|sunny ☀️|partly_sunny ⛅|cloud ☁️|umbrella ☔|snowflake ❄️|rainbow 🌈|ocean 🌊|seedling 🌱|evergreen_tree 🌲
dog 🐶|cat 🐱|unicorn_face 🦄|bee 🐝|bug 🐛|snail 🐌|turtle 🐢|penguin 🐧|crab 🦀|octopus 🐙
coffee ☕|tea 🍵|beer 🍺|beers 🍻|wine_glass 🍷|pizza 🍕|hamburger 🍔|cake 🍰|birthday 🎂|cookie 🍪|apple 🍎|banana 🍌|avocado 🥑
arrow_up ⬆️|arrow_down ⬇️|arrow_right ➡️|arrow_left ⬅️|arrow_upper_right ↗️|arrow_lower_right ↘️|left_right_arrow ↔️|arrows_counterclockwise 🔄
repeat 🔁|leftwards_arrow_with_hook ↩️|rewind ⏪|fast_forward ⏩|arrow_forward ▶️|double_vertical_bar ⏸️|heavy_plus_sign ➕|heavy_minus_sign ➖
large_blue_circle 🔵|red_circle 🔴|large_green_circle 🟢|large_yellow_circle 🟡|large_orange_circle 🟠|large_purple_circle 🟣|white_circle ⚪|black_circle ⚫
large_green_square 🟩|large_red_square 🟥|large_blue_square 🟦|large_yellow_square 🟨|white_large_square ⬜|black_large_square ⬛|small_blue_diamond 🔹|small_orange_diamond 🔸
zero 0️⃣|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|keycap_ten 🔟|hash #️⃣|new 🆕|ok 🆗|up 🆙|free 🆓|sos 🆘
us 🇺🇸|flag-us 🇺🇸|flag-ca 🇨🇦|flag-mx 🇲🇽|flag-gb 🇬🇧|flag-de 🇩🇪|flag-fr 🇫🇷|flag-it 🇮🇹|flag-es 🇪🇸|flag-jp 🇯🇵`;

const EMOJI = new Map(
  TABLE.trim()
    .split(/[|\n]/)
    .map((entry) => {
      const cut = entry.lastIndexOf(" ");
      return [entry.slice(0, cut).trim(), entry.slice(cut + 1)];
    }),
);
const SKIN_TONES = { 2: "\u{1F3FB}", 3: "\u{1F3FC}", 4: "\u{1F3FD}", 5: "\u{1F3FE}", 6: "\u{1F3FF}" };

/** The character of a short name (without colons), or null; `tone` is Slack's skin tone 2 to 6. */
export function emoji(name, tone = null) {
  const [base, suffix] = String(name).split("::skin-tone-");
  const found = EMOJI.get(base);
  return found === undefined ? null : found + (SKIN_TONES[tone ?? suffix] ?? "");
}

/** Every short name with its character, in the order of the table; names for the same character appear each. */
export const emojiNames = () => [...EMOJI.keys()];

/** Those offered in the reaction picker before anything is typed. */
export const FREQUENT = [
  "+1",
  "-1",
  "white_check_mark",
  "x",
  "eyes",
  "raised_hands",
  "tada",
  "pray",
  "heart",
  "fire",
  "100",
  "rocket",
  "joy",
  "smile",
  "thinking_face",
  "cry",
  "clap",
  "ok_hand",
  "wave",
  "zap",
  "warning",
  "question",
  "mag",
  "bar_chart",
  "arrows_counterclockwise",
  "leftwards_arrow_with_hook",
  "heavy_plus_sign",
  "heavy_minus_sign",
  "bell",
  "star",
];

/** Plain text with known :short_names: turned into characters, for places that show text alone. */
export function withEmoji(text) {
  return String(text ?? "").replace(
    /:([a-z0-9_+'-]+)(?:::skin-tone-([2-6]))?:/g,
    (whole, name, tone) => emoji(name, tone) ?? whole,
  );
}
