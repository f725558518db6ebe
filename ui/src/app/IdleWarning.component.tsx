import { Button, Modal, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { onSession, touch } from "./session.resource";

/** Says that the desk is about to lock, in time to stay. Nothing here can hold the lock up. */
export function IdleWarning({ onChange }: { onChange: (warned: boolean) => void }) {
  const { t } = useTranslation();
  const [until, setUntil] = useState<number | null>(null);
  const [now, setNow] = useState(Date.now);

  useEffect(() => {
    const listening = onSession((event) => {
      setNow(Date.now());
      setUntil(event.kind === "warning" ? Date.now() + event.secondsLeft * 1000 : null);
    });
    return () => void listening.then((stop) => stop());
  }, []);

  const warned = until !== null;
  useEffect(() => {
    onChange(warned);
    if (!warned) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [warned, onChange]);

  const stay = () => {
    setUntil(null);
    touch().catch(() => undefined);
  };
  const seconds = until === null ? 0 : Math.max(0, Math.round((until - now) / 1000));
  return (
    <Modal opened={warned} onClose={stay} withCloseButton={false} centered title={t("idle.title")} zIndex={1000}>
      <Stack>
        <Text role="timer" aria-live="off">
          {t("idle.left", { count: seconds })}
        </Text>
        <Text c="dimmed">{t("idle.kept")}</Text>
        <Button data-autofocus onClick={stay}>
          {t("idle.stay")}
        </Button>
      </Stack>
    </Modal>
  );
}
