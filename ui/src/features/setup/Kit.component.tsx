import { Button, Group, Image, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconDeviceFloppy, IconPrinter } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { Page } from "../../components/Page.component";
import { ErrorState } from "../../components/States.component";
import classes from "./Kit.module.css";
import { type RecoveryKit, saveRecoveryKit } from "./setup.resource";

/** Shown once: the only way in when a password or this computer is lost. Two words typed back show that a copy exists. */
export function Kit({ kit, onDone }: { kit: RecoveryKit; onDone: () => Promise<void> }) {
  const { t } = useTranslation();
  const [asked] = useState(() => twoOf(kit.words.length));
  const [typed, setTyped] = useState<[string, string]>(["", ""]);
  const [wrong, setWrong] = useState<[boolean, boolean]>([false, false]);
  const [saved, setSaved] = useState(false);
  const [fault, setFault] = useState<unknown>(null);

  const save = async () => {
    setFault(null);
    try {
      if (await saveRecoveryKit(kit)) setSaved(true);
    } catch (thrown) {
      setFault(thrown);
    }
  };
  const right = (place: 0 | 1) => typed[place].trim().toLowerCase() === kit.words[asked[place]]?.toLowerCase();
  const go = (event: FormEvent) => {
    event.preventDefault();
    setWrong([!right(0), !right(1)]);
    if (right(0) && right(1)) void onDone();
  };

  return (
    <Page title={t("kit.title")} width={820}>
      <Stack>
        <Text>{t("kit.why")}</Text>
        <div className="on-paper">
          <div className={classes.sheet}>
            <div>
              <Title order={2} fz="lg">
                {t("kit.heading", { clinic: kit.clinic })}
              </Title>
              <Text c="dimmed" mb="sm">
                {t("kit.madeOn", { date: kit.madeOn })}
              </Text>
              <ol className={classes.words} aria-label={t("kit.words")}>
                {kit.words.map((word, place) => (
                  <li key={place}>
                    <span className={classes.number} aria-hidden>
                      {place + 1}
                    </span>
                    {word}
                  </li>
                ))}
              </ol>
            </div>
            <Image className={classes.qr ?? ""} src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(kit.qrSvg)}`} alt={t("kit.qr")} w={180} h={180} />
          </div>
          <Text mt="sm">{t("kit.keep")}</Text>
        </div>
        <Group>
          <Button variant="default" leftSection={<IconPrinter size={18} aria-hidden />} onClick={() => window.print()}>
            {t("kit.print")}
          </Button>
          <Button variant="default" leftSection={<IconDeviceFloppy size={18} aria-hidden />} onClick={() => void save()}>
            {t("kit.save")}
          </Button>
          <Text role="status">{saved ? t("kit.saved") : ""}</Text>
        </Group>
        {fault !== null && <ErrorState error={fault} onRetry={() => void save()} />}
        <form onSubmit={go}>
          <Stack>
            <Text>{t("kit.confirm")}</Text>
            <Group align="flex-start">
              {([0, 1] as const).map((place) => (
                <TextInput
                  key={place}
                  label={t("kit.word", { number: asked[place] + 1 })}
                  value={typed[place]}
                  autoComplete="off"
                  spellCheck={false}
                  error={wrong[place] && t("kit.wrong")}
                  onChange={(event) => {
                    const word = event.currentTarget.value;
                    setTyped(([first, second]) => (place === 0 ? [word, second] : [first, word]));
                  }}
                />
              ))}
            </Group>
            <Group justify="flex-end">
              <Button type="submit">{t("common.continue")}</Button>
            </Group>
          </Stack>
        </form>
      </Stack>
    </Page>
  );
}

/** Two different places, in order. */
function twoOf(count: number): [number, number] {
  const first = Math.floor(Math.random() * count);
  const second = (first + 1 + Math.floor(Math.random() * (count - 1))) % count;
  return first < second ? [first, second] : [second, first];
}
