// A small stock Bolt app in JavaScript. It learns where the workspace is from its environment and says "ready" once
// it is connected; everything else goes through Slack's protocols.

const { App } = require("@slack/bolt");

const http = process.env.PEER_MODE === "http";
const app = new App({
  token: process.env.SLACK_BOT_TOKEN,
  ...(http
    ? { signingSecret: process.env.SLACK_SIGNING_SECRET }
    : { appToken: process.env.SLACK_APP_TOKEN, socketMode: true }),
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL },
});

const card = (text) => [
  { type: "section", text: { type: "mrkdwn", text } },
  {
    type: "actions",
    elements: [{ type: "button", text: { type: "plain_text", text: "Save" }, action_id: "save", value: "7" }],
  },
];

app.command("/segment", async ({ command, ack, respond, client }) => {
  await ack();
  await respond("Working on it");
  await client.chat.postMessage({ channel: command.channel_id, text: command.text, blocks: card(command.text) });
});

app.action("save", async ({ ack, body, client }) => {
  await ack();
  await client.views.open({
    trigger_id: body.trigger_id,
    view: {
      type: "modal",
      callback_id: "save",
      private_metadata: `${body.channel.id} ${body.message.ts}`,
      title: { type: "plain_text", text: "Save" },
      submit: { type: "plain_text", text: "Save" },
      blocks: [
        {
          type: "input",
          block_id: "name",
          label: { type: "plain_text", text: "Name" },
          element: { type: "plain_text_input", action_id: "name" },
        },
      ],
    },
  });
});

app.view("save", async ({ ack, view, client }) => {
  const name = view.state.values.name.name.value;
  if (name === "taken") {
    await ack({ response_action: "errors", errors: { name: "That name is taken." } });
    return;
  }
  await ack();
  const [channel, ts] = view.private_metadata.split(" ");
  await client.chat.update({ channel, ts, text: `Saved as ${name}`, blocks: card(`Saved as ${name}`) });
  await client.files.uploadV2({
    channel_id: channel,
    thread_ts: ts,
    filename: "ids.csv",
    content: "id\n1\n",
    initial_comment: "The list",
  });
});

app.event("app_mention", async ({ event, say }) => {
  await say({ text: "You called?", thread_ts: event.ts });
});

app.event("app_home_opened", async ({ event, client }) => {
  await client.views.publish({ user_id: event.user, view: { type: "home", blocks: card("Your segments") } });
});

(async () => {
  await app.start(http ? { port: Number(process.env.PORT), host: "127.0.0.1" } : undefined);
  console.log("ready");
})();
