"""segbot in Slack: payloads in, cards out. Inner order: app > handlers > sending > views > payload > ids."""
